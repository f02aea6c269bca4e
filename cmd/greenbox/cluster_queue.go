package main

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/web/control"
	"github.com/spf13/cobra"
)

func clusterQueueCommand() *cobra.Command {
	var data string
	var most int
	var empty bool
	c := &cobra.Command{
		Use:   "queue",
		Short: "Show who waits for a cluster and why; allow more, or empty the queue",
		Long: "Learners who find no room wait in line, first come first served. --max allows so many clusters until the\n" +
			"server stops, more or fewer than it was started with; what is there stays. --clear ends the sessions that\n" +
			"wait, and their learners are told.",
		Example: "  greenbox cluster queue\n  greenbox cluster queue --max 12\n  greenbox cluster queue --clear",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, out := cmd.Context(), cmd.OutOrStdout()
			server, err := connect(cmd, data)
			if err != nil {
				return err
			}
			defer server.Close()
			if cmd.Flags().Changed("max") {
				if err := server.SetMaxClusters(ctx, most); err != nil {
					return err
				}
			}
			if empty {
				ended, err := server.ClearQueue(ctx)
				if err != nil {
					return err
				}
				fmt.Fprintf(out, "ended %d sessions that waited\n", ended)
			}
			q, err := server.Queue(ctx)
			if err != nil {
				return err
			}
			return printQueue(out, q, time.Now())
		},
	}
	dataFlag(c, &data)
	c.Flags().IntVar(&most, "max", 0, "how many clusters there may be, spares included, until the server stops; 0: as many as there is room for")
	c.Flags().BoolVar(&empty, "clear", false, "end the sessions that wait")
	c.MarkFlagsMutuallyExclusive("max", "clear")
	return c
}

// connect is for commands that are of no use without a server.
func connect(cmd *cobra.Command, data string) (*control.Client, error) {
	c, err := control.Connect(cmd.Context(), data)
	if errors.Is(err, control.ErrNoServer) {
		err = fmt.Errorf("%w (%s): start one with `greenbox up`, or give the server's with --data", err, data)
	}
	return c, err
}

// reason is what a session waits for, in a word or two.
func reason(w labs.Wait) string {
	switch w {
	case labs.WaitTurn:
		return "its turn"
	case labs.WaitLimit:
		return "the limit on clusters"
	case labs.WaitBreaker:
		return "starts to work again"
	default:
		return shortages[w][0]
	}
}

func printQueue(out io.Writer, q control.Queue, now time.Time) error {
	allowed := "as many as there is room for"
	if q.Max > 0 {
		allowed = fmt.Sprintf("%d allowed", q.Max)
	}
	fmt.Fprintf(out, "clusters  %d of sessions, %s\n", q.Clusters, allowed)
	if q.Room == nil {
		fmt.Fprintln(out, "room      not known: the engine does not answer")
	} else {
		fmt.Fprintf(out, "room      for %d more; %s runs out first\n", q.Room.Clusters, shortages[q.Room.Short][0])
	}
	fmt.Fprintf(out, "starts    %d of %d at once\n", q.Starting, q.Slots)
	if !q.Until.IsZero() {
		fmt.Fprintf(out, "breaker   open: the last %d starts failed. Run `greenbox doctor`, and read the folder logs of the data folder;\n"+
			"          the next start is tried in %s\n", q.Failed, showTime(max(0, q.Until.Sub(now))))
	}
	if len(q.Waiting) == 0 {
		fmt.Fprintln(out, "nobody waits")
		return nil
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nPLACE\tSESSION\tLEARNER\tLAB\tFOR\tWAITS FOR")
	for _, s := range q.Waiting {
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\n", s.Place, s.ID, q.Learners[s.LearnerID], s.LabID, showTime(now.Sub(s.CreatedAt)), reason(s.Wait))
	}
	return table.Flush()
}
