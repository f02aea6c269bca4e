package main

import (
	"github.com/greenbox-lab/greenbox/sandbox/kind"
	"github.com/spf13/cobra"
)

func kindCreateCommand() *cobra.Command {
	var name, image, kubeconfig string
	c := &cobra.Command{
		Use:    kind.ChildCommand,
		Short:  "Make one cluster; the server runs this",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return kind.Child(name, image, kubeconfig, cmd.InOrStdin(), cmd.OutOrStdout())
		},
	}
	c.Flags().StringVar(&name, "name", "", "of the cluster")
	c.Flags().StringVar(&image, "image", "", "of the nodes")
	c.Flags().StringVar(&kubeconfig, "kubeconfig", "", "where to write it")
	return c
}
