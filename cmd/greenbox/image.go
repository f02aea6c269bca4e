package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/greenbox-lab/greenbox/sandbox/kind"
	"github.com/spf13/cobra"
)

// imageTimeout is how long making a node image may take, from nothing.
const imageTimeout = 40 * time.Minute

// goldenTimeout is how long making the golden cluster may take.
const goldenTimeout = 10 * time.Minute

func imageCommand() *cobra.Command {
	var from string
	s := settings{subnets: defaultSubnets}
	c := &cobra.Command{
		Use:   "image",
		Short: "Make the node image and the golden cluster, and an engine to hold them, unless they are there",
		Long: "Makes the image that every node of every cluster runs and prints its reference.\n" +
			"It is pulled (kind's own node image with our layer) or built from source (Go modules and\n" +
			"Debian packages: about 15 minutes the first time); auto takes what is there or in reach. From it one\n" +
			"cluster is made and packed, which those of the learners are then clones of.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			way, err := parseOrigin(from)
			if err != nil {
				return err
			}
			if err := prepare(cmd.Context(), way, &s, newStages(cmd.ErrOrStderr()).say); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), s.image)
			return nil
		},
	}
	c.Flags().StringVar(&from, "from", "auto", fromUsage)
	c.Flags().BoolVar(&s.noClone, "no-clone", false, "leave the golden cluster out")
	return c
}

// prepare makes sure of an engine, of a node image unless s names one (it then
// does), and of the golden cluster's images unless s does without.
func prepare(ctx context.Context, from origin, s *settings, say func(string)) error {
	if err := from.open(say); err != nil {
		return err
	}
	if s.image != "" && from.dir != "" {
		return fmt.Errorf("--from %s has a node image of its own: leave --image (GREENBOX_IMAGE) %s away, or use --from without a folder", from.dir, s.image)
	}
	e, err := from.engine(ctx, say)
	if err != nil {
		return err
	}
	defer e.Close()
	say("engine: ready")
	cache, err := cacheDir()
	if err != nil {
		return err
	}
	if s.image == "" {
		if s.image, err = from.image(ctx, e, cache, say); err != nil {
			return err
		}
		say("node image: " + s.image)
	}
	if s.noClone {
		return nil
	}
	if err := makeGolden(ctx, e, s, cache, say); err != nil && ctx.Err() == nil {
		say(fmt.Sprintf("there will be no clones, kind makes each cluster: %v", err))
	}
	return ctx.Err()
}

// makeGolden makes the images of the golden cluster unless they are there.
func makeGolden(ctx context.Context, e *engine.Engine, s *settings, cache string, say func(string)) error {
	ctx, cancel := context.WithTimeout(ctx, goldenTimeout)
	defer cancel()
	unlock, err := engine.Lock(ctx, filepath.Join(cache, "golden.lock"), func() { say("another process is making the golden cluster: waiting for it") })
	if err != nil {
		return err
	}
	defer unlock()
	dir := filepath.Join(cache, "golden") // with the logs, where it could not be made
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	p, err := goldenProvider(ctx, e, s, dir)
	if err != nil {
		return err
	}
	if err := p.MakeGolden(ctx, say); err != nil {
		return err
	}
	return os.RemoveAll(dir)
}

func goldenProvider(ctx context.Context, e *engine.Engine, s *settings, dir string) (*kind.Provider, error) {
	subnets, err := netip.ParsePrefix(s.subnets)
	if err != nil {
		return nil, err
	}
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return kind.New(ctx, kind.Config{
		Engine: e, Instance: "golden", Image: s.image, Program: program, Dir: dir, Range: subnets, Log: slog.New(slog.DiscardHandler),
	})
}

func cacheDir() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	cache = filepath.Join(cache, "greenbox")
	return cache, os.MkdirAll(cache, 0o755) //nolint:gosec // apt's sandbox user reads in it
}
