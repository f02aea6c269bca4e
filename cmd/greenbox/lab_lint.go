package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/greenbox-lab/greenbox/labs/catalog"
	"github.com/spf13/cobra"
)

func labLintCommand() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:   "lint [LAB]...",
		Short: "Say what is wrong with labs, where, and what to do; exit code 1 if anything is",
		Long: "Reads the labs and names each broken rule as FILE:LINE: WHAT; REMEDY. No cluster is needed. Without\n" +
			"names, the labs of --labs are read, or else all that are built in.",
		RunE: func(cmd *cobra.Command, args []string) error {
			b, err := openBookcase(dir)
			if err != nil {
				return err
			}
			if len(args) == 0 {
				args = b.ids()
			}
			if err := b.lint(args, cmd.OutOrStdout()); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "labs: %d, nothing wrong\n", len(args))
			return nil
		},
	}
	labsFlag(c, &dir)
	return c
}

// lint writes what is wrong with those labs and fails with errSilent if anything is.
func (b bookcase) lint(ids []string, out io.Writer) error {
	found := slices.DeleteFunc(slices.Clone(b.problems), func(err error) bool { return !about(err, ids) })
	for _, err := range found {
		fmt.Fprintln(out, b.located(err))
	}
	for _, id := range ids {
		said := slices.ContainsFunc(found, func(err error) bool { return about(err, []string{id}) })
		if _, err := b.Lab(id); err != nil && !said {
			return fmt.Errorf("lab %s: %w; there are %s", id, err, strings.Join(b.ids(), ", "))
		}
	}
	if len(found) > 0 {
		return errSilent
	}
	return nil
}

// about reports whether a problem is one of these labs', or of no lab in particular.
func about(err error, ids []string) bool {
	var p *catalog.Problem
	if !errors.As(err, &p) {
		return err != nil
	}
	lab, _, within := strings.Cut(p.File, "/")
	return !within || slices.Contains(ids, lab)
}

// located is a problem with the path at which an editor finds the file.
func (b bookcase) located(err error) error {
	var p *catalog.Problem
	if !errors.As(err, &p) {
		return err
	}
	here := *p
	here.File = filepath.Join(cmp.Or(b.dir, "."), p.File)
	return &here
}
