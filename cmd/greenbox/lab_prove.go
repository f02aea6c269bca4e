package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/greenbox-lab/greenbox/labs/catalog"
	"github.com/greenbox-lab/greenbox/labs/prove"
	"github.com/greenbox-lab/greenbox/sandbox/kind"
	"github.com/spf13/cobra"
)

// proving is one run of `lab test`.
type proving struct {
	labs     string
	data     string
	image    string
	subnets  string
	noClone  bool
	parallel int
	keep     bool
	all      bool
	seed     string
	junit    string
	out, log io.Writer
}

func labTestCommand() *cobra.Command {
	var p proving
	c := &cobra.Command{
		Use:   "test [LAB | LAB/STEP]...",
		Short: "Prove labs on real clusters; engine and node image must be there",
		Long: "For each step: it must not pass at its starting point, nor after any of its wrong solutions, and must\n" +
			"pass after its solution. Without names, the labs of --labs are proved, or else all that are built in.\n\n" +
			"Alternatives are run for labs whose files, or whose judging code, differ from git's main branch, and for\n" +
			"every lab where git cannot tell or with --all. So many clusters are made as labs are proved at once; they\n" +
			"are removed at the end.",
		RunE: func(cmd *cobra.Command, args []string) error {
			p.out, p.log = cmd.OutOrStdout(), cmd.ErrOrStderr()
			return p.run(cmd.Context(), args)
		},
	}
	labsFlag(c, &p.labs)
	f := c.Flags()
	f.StringVar(&p.data, "data", proofData(), "folder for the clusters' credentials; no other greenbox may use it")
	f.StringVar(&p.image, "image", "", "node image to use instead of the one `greenbox image` makes")
	f.BoolVar(&p.noClone, "no-clone", false, "have kind make each cluster from nothing")
	f.StringVar(&p.subnets, "subnets", defaultSubnets, "private range that each cluster takes a small network from")
	f.IntVar(&p.parallel, "parallel", min(4, runtime.NumCPU()), "how many labs are proved at once")
	f.BoolVar(&p.keep, "keep", false, "use one cluster for all labs, one after the other, and keep it for the next run with --keep")
	f.BoolVar(&p.all, "all", false, "run the alternatives of every lab")
	f.StringVar(&p.seed, "seed", "", "of what varies from learner to learner (default: another one each time)")
	f.StringVar(&p.junit, "junit", "", "file to write JUnit XML to")
	return c
}

func proofData() string {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	return filepath.Join(cache, "greenbox", "lab-test")
}

func (p proving) run(ctx context.Context, names []string) (err error) {
	if p.parallel < 1 || p.keep {
		p.parallel = 1
	}
	if p.seed == "" {
		p.seed = strings.ToLower(rand.Text()[:8])
	}
	tasks, err := p.tasks(ctx, names)
	if err != nil {
		return err
	}
	subnets, err := netip.ParsePrefix(p.subnets)
	if err == nil {
		err = kind.CheckRange(subnets)
	}
	if err != nil {
		return fmt.Errorf("--subnets: %w", err)
	}
	junit, err := os.Create(cmp.Or(p.junit, os.DevNull)) // not after everything has run
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, junit.Close()) }()
	b, err := openBench(ctx, settings{data: p.data, image: p.image, noClone: p.noClone}, subnets, p.keep, slog.New(slog.NewTextHandler(p.log, nil)))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	fmt.Fprintf(p.out, "labs: %d, seed %s\n", len(tasks), p.seed)
	report := prove.NewReport(p.out)
	err = prove.All(ctx, tasks, b.open, p.parallel, report.Add)
	failed := report.Sum()
	err = errors.Join(err, report.JUnit(junit))
	if err == nil && failed > 0 {
		return errSilent
	}
	return err
}

// tasks are the labs to prove. A lab that breaks the rules of the format is not one.
func (p proving) tasks(ctx context.Context, names []string) ([]prove.Task, error) {
	b, err := openBookcase(p.labs)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		names = b.ids()
	}
	changes := lookForChanges(ctx, b)
	var tasks []prove.Task
	for _, name := range names {
		id, step, _ := strings.Cut(name, "/")
		if err := b.lint([]string{id}, p.log); err != nil {
			return nil, err
		}
		t, err := p.task(b.Catalog, id, step)
		if err != nil {
			return nil, err
		}
		t.Alternatives = p.all || changes.of(ctx, id)
		tasks = append(tasks, t)
	}
	return tasks, nil
}

func (p proving) task(c *catalog.Catalog, id, step string) (prove.Task, error) {
	lab, err := c.Lab(id)
	if err != nil {
		return prove.Task{}, fmt.Errorf("lab %s: %w", id, err)
	}
	if step != "" {
		if _, err := lab.Step(step); err != nil {
			return prove.Task{}, fmt.Errorf("step %s/%s: %w", id, step, err)
		}
	}
	return prove.Task{
		Lab: lab, Step: step, Seed: p.seed,
		Solutions: func(step string) []catalog.Solution { return c.Solutions(id, step) },
	}, nil
}
