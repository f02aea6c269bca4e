package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/greenbox-lab/greenbox/sandbox/nodeimage"
	"github.com/spf13/cobra"
)

// imageTimeout is how long making a node image may take, from nothing.
const imageTimeout = 40 * time.Minute

func imageCommand() *cobra.Command {
	var from string
	c := &cobra.Command{
		Use:   "image",
		Short: "Make the node image, and an engine to hold it, unless they are there",
		Long: "Makes the image that every node of every cluster runs and prints its reference.\n" +
			"It is pulled (kind's own node image with our layer) or built from source (Go modules and\n" +
			"Debian packages: about 15 minutes the first time); auto takes what is there or in reach.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			way, err := nodeimage.ParseFrom(from)
			if err != nil {
				return err
			}
			var ref string
			if err := prepare(cmd.Context(), way, &ref, newStages(cmd.ErrOrStderr()).say); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), ref)
			return nil
		},
	}
	c.Flags().StringVar(&from, "from", "auto", "where it comes from: auto, pull or source")
	return c
}

// prepare makes sure of an engine and, unless image names one, of a node image,
// whose reference it puts there.
func prepare(ctx context.Context, from nodeimage.From, image *string, say func(string)) error {
	e, err := engine.Ensure(ctx, say)
	if err != nil {
		return err
	}
	defer e.Close()
	say("engine: ready")
	if *image != "" {
		return nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, imageTimeout)
	defer cancel()
	b := &nodeimage.Builder{Engine: e, Cache: filepath.Join(cache, "greenbox", "nodeimage"), Report: say}
	if *image, err = b.Ensure(ctx, from); err != nil {
		return err
	}
	say("node image: " + *image)
	return nil
}
