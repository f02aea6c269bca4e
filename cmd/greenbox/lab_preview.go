package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/greenbox-lab/greenbox/web"
	"github.com/spf13/cobra"
)

func labPreviewCommand() *cobra.Command {
	var s settings
	c := &cobra.Command{
		Use:   "preview [LAB]",
		Short: "Run the server and take a lab as a learner does, while you write it",
		Long: "Serves as `greenbox serve` does, begins the lab and prints the address of its page. A change in the\n" +
			"folder --labs is there at the next reload of the page; what is wrong with a lab is on the first page\n" +
			"and in the log, with file and line.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s.solo = true
			say := newStages(cmd.ErrOrStderr()).say
			return serve(cmd.Context(), s, say, func(ctx context.Context, p *product) {
				for _, id := range args {
					say(p.begin(ctx, id))
				}
			})
		},
	}
	s.flags(c.Flags())
	return c
}

// begin starts a lab for the solo learner and returns a line that says where it is.
func (p *product) begin(ctx context.Context, id string) string {
	lab, err := p.shelf.Lab(id)
	if err != nil {
		return fmt.Sprintf("lab %s: %v", id, err)
	}
	session, _, err := p.fleet.Start(ctx, web.Solo(), lab)
	if err != nil {
		return fmt.Sprintf("lab %s: %v", id, err)
	}
	return "lab " + id + ": http://localhost:" + strconv.Itoa(p.web.Port) + "/sessions/" + session.ID
}
