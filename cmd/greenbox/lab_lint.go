package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/greenbox-lab/greenbox/labs"
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
			return b.lint(args, cmd.OutOrStdout())
		},
	}
	labsFlag(c, &dir)
	return c
}

// lint writes what is wrong with the labs of those names, or with all of them
// where there are no names.
func (b bookcase) lint(names []string, out io.Writer) error {
	wanted := slices.Clone(names)
	if len(wanted) == 0 {
		wanted = b.ids()
	}
	found := slices.DeleteFunc(slices.Clone(b.problems), func(err error) bool { return len(names) > 0 && !about(err, names) })
	for _, err := range found {
		fmt.Fprintln(out, b.located(err))
	}
	for _, id := range wanted {
		if _, err := b.Lab(id); err != nil && !about(errors.Join(found...), []string{id}) {
			return fmt.Errorf("lab %s: %w", id, labs.ErrNotFound)
		}
	}
	if len(found) > 0 {
		return errSilent
	}
	fmt.Fprintf(out, "labs: %d, nothing wrong\n", len(wanted))
	return nil
}

// about reports whether a problem is one of these labs'.
func about(err error, ids []string) bool {
	var p *catalog.Problem
	if !errors.As(err, &p) {
		return false
	}
	lab, _, _ := strings.Cut(p.File, "/")
	return slices.Contains(ids, lab)
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
