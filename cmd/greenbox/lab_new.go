package main

import (
	"fmt"
	"path/filepath"

	"github.com/greenbox-lab/greenbox/labs/starter"
	"github.com/spf13/cobra"
)

func labNewCommand() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:   "new ID",
		Short: "Make a small but complete lab to begin with",
		Long: "Makes the folder ID in --labs, or else in the current folder, with a lab that passes lint and test, and\n" +
			"beside it lab.schema.json, with which editors complete and check lab.yaml.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if dir == "" {
				dir = "."
			}
			if err := starter.Write(dir, args[0]); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s\nnext: greenbox lab preview --labs %s %s\n", filepath.Join(dir, args[0]), dir, args[0])
			return nil
		},
	}
	labsFlag(c, &dir)
	return c
}
