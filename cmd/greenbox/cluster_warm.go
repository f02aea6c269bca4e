package main

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/spf13/cobra"
)

func clusterWarmCommand() *cobra.Command {
	var data string
	c := &cobra.Command{
		Use:   "warm [LAB N]",
		Short: "Make clusters of a lab ready before a class, or show how that stands",
		Long: "Keeps N clusters ready with the lab's setup done, paused: learners who begin it have one at once, and what they\n" +
			"take is made up for. They are made one after the other, so do this some time before the class; the forecast says\n" +
			"when all are there, and whether there is room. It holds until N is 0, also after a restart.",
		Example: "  greenbox cluster warm delete-static-pod 20\n  greenbox cluster warm\n  greenbox cluster warm delete-static-pod 0",
		Args:    cobra.MatchAll(cobra.MaximumNArgs(2), evenArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			server, err := connect(cmd, data)
			if err != nil {
				return err
			}
			defer server.Close()
			if len(args) == 2 {
				n, err := strconv.Atoi(args[1])
				if err != nil {
					return fmt.Errorf("%q is no number of clusters", args[1])
				}
				if err := server.Warm(cmd.Context(), args[0], n); err != nil {
					return err
				}
			}
			all, err := server.Warmth(cmd.Context())
			if err != nil {
				return err
			}
			return printWarmth(cmd.OutOrStdout(), all, time.Now())
		},
	}
	dataFlag(c, &data)
	return c
}

// evenArgs refuses a lab without a number.
func evenArgs(_ *cobra.Command, args []string) error {
	if len(args) == 1 {
		return fmt.Errorf("how many clusters of lab %s? Give a number after it, 0 for none", args[0])
	}
	return nil
}

func printWarmth(out io.Writer, all []sandbox.Warmth, now time.Time) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "LAB\tWANTED\tREADY\tFORECAST")
	for _, w := range all {
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\n", cmp.Or(w.LabID, "(any)"), w.Wanted, w.There, forecast(w, now))
	}
	return table.Flush()
}

func forecast(w sandbox.Warmth, now time.Time) string {
	switch {
	case w.Wanted == 0:
		return "none are kept"
	case w.There >= w.Wanted:
		return "all are ready"
	case w.Error != "":
		return "none is made for a while: " + w.Error
	case w.Short == labs.WaitLimit:
		return "not all are made: more clusters are not allowed (--max-clusters)"
	case !w.Fits:
		return "there is no room for all: " + shortages[w.Short][0] + " runs out first"
	case w.Ready.IsZero():
		return "being made"
	}
	return "all ready in about " + showTime(max(0, w.Ready.Sub(now)))
}
