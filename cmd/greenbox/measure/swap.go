package measure

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// resumes measures a paused session's way back: from the request that needs it to
// kubectl's answer in the terminal that stayed open.
func resumes(ctx context.Context, c Config) ([]Measurement, error) {
	var took []float64
	err := c.once(ctx, []string{"--pool", "0", "--idle-pause", "3s"}, func(s *server) error {
		l, sh, err := s.settled(ctx, "resume")
		if err != nil {
			return err
		}
		defer sh.close()
		for range c.Runs {
			if err := l.paused(ctx); err != nil {
				return err
			}
			began := time.Now()
			if err := sh.run(ctx, "kubectl get --raw /readyz", time.Minute); err != nil {
				return err
			}
			took = append(took, since(began))
			c.Say("  back after %.2f s", since(began))
		}
		return nil
	})
	return []Measurement{of("resume.kubectl", "s", took...).atMost(1)}, err
}

// resets measures from the request for a reset to a shell on the new cluster.
func resets(ctx context.Context, c Config) ([]Measurement, error) {
	var took []float64
	err := c.once(ctx, []string{"--pool", "1"}, func(s *server) error {
		l, sh, err := s.settled(ctx, "reset")
		if err != nil {
			return err
		}
		sh.close()
		for range c.Runs {
			if err := s.spare(ctx); err != nil {
				return err
			}
			began := time.Now()
			if err := l.reset(ctx); err != nil {
				return err
			}
			next, err := l.attach(ctx)
			if err != nil {
				return err
			}
			_, err = next.echo(ctx, "#q")
			next.close()
			if err != nil {
				return err
			}
			took = append(took, since(began))
			c.Say("  a shell on the new cluster after %.2f s", since(began))
		}
		return nil
	})
	return []Measurement{of("reset.shell", "s", took...).atMost(1)}, err
}

// deletes measures from the end of a session until none of its containers is there.
func deletes(ctx context.Context, c Config) ([]Measurement, error) {
	var took []float64
	err := c.repeat(ctx, []string{"--pool", "0"}, func(s *server) error {
		l, sh, err := s.settled(ctx, "delete")
		if err != nil {
			return err
		}
		sh.close()
		began := time.Now()
		if err := l.end(ctx); err != nil {
			return err
		}
		err = until(ctx, time.Minute, func(ctx context.Context) error {
			nodes, err := s.nodes(ctx)
			if err == nil && len(nodes) > 0 {
				err = errors.New("there still are nodes")
			}
			return err
		})
		took = append(took, since(began))
		c.Say("  gone after %.2f s", since(began))
		return err
	})
	return []Measurement{of("delete.gone", "s", took...).atMost(5)}, err
}

// settled is a learner whose session is ready, with a shell.
func (s *server) settled(ctx context.Context, name string) (*learner, *shell, error) {
	l, err := s.learner(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	if err := l.start(ctx); err != nil {
		return nil, nil, err
	}
	if err := l.ready(ctx, func(session) {}); err != nil {
		return nil, nil, err
	}
	sh, err := l.attach(ctx)
	if err != nil {
		return nil, nil, err
	}
	_, err = sh.echo(ctx, "#q")
	if err == nil {
		err = sh.send("\b\b")
	}
	return l, sh, err
}

// paused waits until the session is paused.
func (l *learner) paused(ctx context.Context) error {
	return until(ctx, 2*time.Minute, func(ctx context.Context) error {
		s, err := l.now(ctx)
		if err == nil && s.State != "paused" {
			time.Sleep(100 * time.Millisecond)
			err = errors.New(s.State)
		}
		return err
	})
}

// spare waits until a whole spare is there: both nodes of a cluster are paused.
func (s *server) spare(ctx context.Context) error {
	return until(ctx, 4*time.Minute, func(ctx context.Context) error {
		nodes, err := s.nodes(ctx)
		paused := 0
		for _, n := range nodes {
			if n.State == container.StatePaused {
				paused++
			}
		}
		time.Sleep(300 * time.Millisecond) // for the server to hear of it, too
		if err == nil && paused < 2 {
			err = errors.New("there is no spare")
		}
		return err
	})
}

// nodes are the containers of the server's clusters.
func (s *server) nodes(ctx context.Context) ([]container.Summary, error) {
	instance, err := os.ReadFile(filepath.Join(s.data(), "instance"))
	if err != nil {
		return nil, err
	}
	api := s.config.Engine.Client()
	networks, err := api.NetworkList(ctx, client.NetworkListOptions{
		Filters: make(client.Filters).Add("label", "greenbox.instance="+strings.TrimSpace(string(instance))),
	})
	if err != nil {
		return nil, err
	}
	var out []container.Summary
	for _, n := range networks.Items {
		found, err := api.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: make(client.Filters).Add("network", n.ID)})
		if err != nil {
			return nil, err
		}
		out = append(out, found.Items...)
	}
	return out, nil
}
