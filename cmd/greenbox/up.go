package main

import "github.com/spf13/cobra"

func upCommand() *cobra.Command {
	var s settings
	var from string
	c := &cobra.Command{
		Use:   "up",
		Short: "Everything, to a running server: engine, node image, server",
		Long: "Makes sure that a Docker Engine runs (installing one where there is none) and that the node\n" +
			"image and the golden cluster that is cloned for each learner exist (the first time this takes a while),\n" +
			"then serves. It can be run again at any time.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			way, err := parseOrigin(from)
			if err != nil {
				return err
			}
			if _, _, err := s.check(); err != nil {
				return err
			}
			say := newStages(cmd.ErrOrStderr()).say
			if err := prepare(cmd.Context(), way, &s, say); err != nil {
				return err
			}
			return serve(cmd.Context(), s, say, nil)
		},
	}
	s.flags(c.Flags())
	c.Flags().StringVar(&from, "from", "auto", fromUsage)
	return c
}
