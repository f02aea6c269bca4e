package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/greenbox-lab/greenbox/cmd/greenbox/measure"
	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/spf13/cobra"
)

func benchCommand() *cobra.Command {
	var asJSON bool
	var runs int
	names, about := measure.Names()
	var list strings.Builder
	for _, name := range names {
		fmt.Fprintf(&list, "  %-10s %s\n", name, about[name])
	}
	c := &cobra.Command{
		Use:   "bench [NAME...]",
		Short: "Measure starts, density and terminals on this machine",
		Long: "Measures with servers and clusters of its own, and removes them. Nothing else should be running.\n" +
			"Without names it measures all but density30, which takes a quarter of an hour:\n\n" + list.String(),
		ValidArgs: names,
		RunE: func(cmd *cobra.Command, args []string) error {
			if runs < 1 {
				return fmt.Errorf("--runs %d: it is at least 1", runs)
			}
			e, err := engine.Open(cmd.Context())
			if err != nil {
				return fmt.Errorf("%w; `greenbox image` starts one", err)
			}
			defer e.Close()
			program, err := os.Executable()
			if err != nil {
				return err
			}
			got, err := measure.Run(cmd.Context(), measure.Config{Program: program, Engine: e, Runs: runs,
				Say: func(format string, a ...any) { fmt.Fprintf(cmd.ErrOrStderr(), format+"\n", a...) }}, args)
			if asJSON {
				return joinJSON(cmd.OutOrStdout(), got, err)
			}
			if werr := benchTable(cmd.OutOrStdout(), got); werr != nil {
				return werr
			}
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object a measurement, a line each")
	c.Flags().IntVar(&runs, "runs", 3, "how often each figure is taken")
	return c
}

func joinJSON(out io.Writer, got []measure.Measurement, err error) error {
	for _, m := range got {
		if werr := json.NewEncoder(out).Encode(m); werr != nil {
			return werr
		}
	}
	return err
}

func benchTarget(m measure.Measurement) string {
	bound, verdict := "<=", "missed"
	if m.AtLeast {
		bound = ">="
	}
	if *m.Met {
		verdict = "met"
	}
	return fmt.Sprintf("%s %g %s", bound, *m.Target, verdict)
}

func benchTable(out io.Writer, got []measure.Measurement) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "measurement\tmedian\tmin\tmax\tunit\truns\ttarget\tagainst")
	for _, m := range got {
		target, rival := "", ""
		if m.Target != nil {
			target = benchTarget(m)
		}
		if m.Ratio != nil {
			rival = fmt.Sprintf("%s: %.1f times", m.Rival, *m.Ratio)
		}
		fmt.Fprintf(t, "%s\t%.3g\t%.3g\t%.3g\t%s\t%d\t%s\t%s\n", m.Name, m.Median, m.Min, m.Max, m.Unit, m.Runs, target, rival)
	}
	return t.Flush()
}
