package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func clusterGcCommand() *cobra.Command {
	var data string
	var dry, asJSON bool
	c := &cobra.Command{
		Use:   "gc",
		Short: "Remove now what no session has: clusters, containers, networks, volumes",
		Long: "A server that was killed may leave clusters, or parts of them, that belong to no session. The next server\n" +
			"removes them after a while, this command at once. It touches nothing of another Greenbox or of another\n" +
			"program, no session and no spare, and needs not ask.",
		Example: "  greenbox cluster gc --dry-run\n  greenbox cluster gc",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := openOperator(cmd.Context(), data, dry)
			if err != nil {
				return err
			}
			defer o.close()
			swept, err := o.Sweep(cmd.Context(), dry)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), swept)
			}
			verb, failed := "removed", 0
			if dry {
				verb = "would remove"
			}
			for _, s := range swept {
				if s.Error != "" {
					failed++
					fmt.Fprintf(cmd.OutOrStdout(), "could not remove cluster %s: %s\n", s.Name, s.Error)
					continue
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s cluster %s\n", verb, s.Name)
			}
			if len(swept) == 0 {
				fmt.Fprintln(cmd.OutOrStdout(), "no orphans")
			}
			if failed > 0 {
				return fmt.Errorf("%d of %d stay: run it again when the reason is gone", failed, len(swept))
			}
			return nil
		},
	}
	dataFlag(c, &data)
	c.Flags().BoolVar(&dry, "dry-run", false, "only say what would be removed")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}
