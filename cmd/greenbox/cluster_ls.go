package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/greenbox-lab/greenbox/web/control"
	"github.com/spf13/cobra"
)

func clusterLsCommand() *cobra.Command {
	var data string
	var wide, asJSON bool
	c := &cobra.Command{
		Use:   "ls",
		Short: "List the clusters: whose they are, what they do, when they go",
		Long: "One line a cluster, oldest first. A spare is of the pool and waits for a learner; an orphan is of nobody:\n" +
			"the server removes it soon, `greenbox cluster gc` now. With --wide there is a line for each node, with what\n" +
			"it uses of the machine.",
		Example: "  greenbox cluster ls\n  greenbox cluster ls --wide\n  greenbox cluster ls --json | jq -r '.[] | select(.state == \"running\") | .name'",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := openOperator(cmd.Context(), data, true)
			if err != nil {
				return err
			}
			defer o.close()
			all, err := o.Clusters(cmd.Context(), wide)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), all)
			}
			return printClusters(cmd.OutOrStdout(), all, wide, time.Now())
		},
	}
	dataFlag(c, &data)
	c.Flags().BoolVar(&wide, "wide", false, "a line for each node, with its address, memory and CPU; takes about two seconds")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// printJSON prints a list, and an empty one as such.
func printJSON[T any](out io.Writer, list []T) error {
	if list == nil {
		list = []T{}
	}
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(list)
}

func printClusters(out io.Writer, all []control.Cluster, wide bool, now time.Time) error {
	if len(all) == 0 {
		fmt.Fprintln(out, "no clusters")
		return nil
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	head := "CLUSTER\tSESSION\tLEARNER\tLAB\tSTATE\tAGE\tEXPIRES"
	if wide {
		head += "\tNODE\tADDRESS\tMEMORY\tCPU"
	}
	fmt.Fprintln(table, head)
	for _, c := range all {
		line := fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s\t%s", c.Name, sessionOf(c), cmp.Or(c.Learner, "-"), cmp.Or(c.Lab, "-"),
			c.State, showTime(now.Sub(c.Created)), expiry(c, now))
		if !wide || len(c.Nodes) == 0 {
			fmt.Fprintln(table, line)
			continue
		}
		for _, n := range c.Nodes {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", line, n.Name, cmp.Or(n.Address, "-"), usage(n))
			line = "\t\t\t\t\t\t"
		}
	}
	return table.Flush()
}

func sessionOf(c control.Cluster) string {
	switch c.Owner {
	case control.OfPool:
		return "(spare)"
	case control.OfNobody:
		return "(orphan)"
	default:
		return c.Session
	}
}

func expiry(c control.Cluster, now time.Time) string {
	switch left := c.Expires.Sub(now); {
	case c.Owner != control.OfSession:
		return "-"
	case c.Expires.IsZero():
		return "never"
	case left <= 0:
		return "now"
	default:
		return "in " + showTime(left)
	}
}

func usage(n control.NodeStatus) string {
	if n.Usage == nil {
		return "-\t-"
	}
	return fmt.Sprintf("%d MiB\t%.2f", n.Usage.Memory>>20, n.Usage.CPU)
}

// showTime shows the two largest units of a length of time at most.
func showTime(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%dd", int(d.Hours())/24)
}
