package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/catalog"
	"github.com/greenbox-lab/greenbox/labs/feed"
	"github.com/greenbox-lab/greenbox/labs/grade"
	"github.com/greenbox-lab/greenbox/labs/progress"
	"github.com/greenbox-lab/greenbox/labs/shelf"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/archive"
	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/greenbox-lab/greenbox/sandbox/kind"
	"github.com/greenbox-lab/greenbox/sandbox/nodeimage"
	"github.com/greenbox-lab/greenbox/static"
	"github.com/greenbox-lab/greenbox/web"
	"github.com/moby/moby/client"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"golang.org/x/sync/errgroup"
)

// product is the whole server, put together.
type product struct {
	data     string // folder
	engine   *engine.Engine
	provider *kind.Provider
	db       *progress.DB
	fleet    *sandbox.Fleet
	shelf    *shelf.Shelf
	grader   *grade.Grader
	observer *observer
	web      *web.Server
	log      *slog.Logger
}

// assemble opens everything the server needs; close gives it back.
func assemble(ctx context.Context, s settings, subnets netip.Prefix, port int) (_ *product, err error) {
	p := &product{data: s.data, log: s.logger()}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	if err := os.MkdirAll(s.data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if p.db, err = progress.Open(ctx, filepath.Join(s.data, "greenbox.db")); err != nil {
		return nil, err
	}
	if p.engine, err = engine.Open(ctx); err != nil {
		return nil, fmt.Errorf("%w; `greenbox up` starts one, `greenbox doctor` says more", err)
	}
	if p.provider, err = newProvider(ctx, p.engine, s, subnets, p.log); err != nil {
		return nil, err
	}
	if p.shelf, err = openShelf(s.labs, p.log); err != nil {
		return nil, err
	}
	news := feed.New()
	p.grader = grade.New(p.db, news.Publish)
	p.observer = newObserver(p.shelf.Lab, p.grader, p.log)
	archives, err := archive.New(filepath.Join(s.data, "archives"))
	if err != nil {
		return nil, err
	}
	lifetime := s.lifetime
	if s.solo {
		lifetime = 0
	}
	registry := prometheus.NewRegistry()
	meter := newMeter(registry)
	p.fleet = sandbox.New(sandbox.Config{
		Store: p.db, Labs: p.shelf.Lab, Provider: p.provider, Pauser: p.provider, Access: p.provider, Surveyor: p.provider,
		Archives: archives, Verdicts: p.db.Verdicts,
		Taker: p.provider, Spares: p.db, Pool: s.pool,
		Publish:  func(e labs.Event) { news.Publish(e); p.observer.tell(e); meter.tell(e) },
		Lifetime: lifetime, Extension: s.extension, MaxLifetime: s.longest, IdlePause: s.idle,
		Limit: s.limit, Parallel: s.parallel, MaxClusters: s.most, Log: p.log, Observe: meter,
	})
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		&gauges{fleet: p.fleet, list: p.provider.List, log: p.log})
	p.web, err = web.New(ctx, web.Config{
		Fleet: web.Over(p.fleet), Archives: p.fleet, Catalog: p.shelf, Grader: p.grader, Progress: p.db, Feed: news, Static: static.Files(),
		IdlePause: s.idle, MaxLifetime: s.longest,
		Port: port, Hosts: s.hosts, Solo: s.solo, Registry: registry, Log: p.log,
		Ready: func(ctx context.Context) error {
			_, err := p.engine.Client().Ping(ctx, client.PingOptions{})
			return err
		},
	})
	return p, err
}

// openShelf puts the labs of the folder dir, if it is not empty, over those built in.
func openShelf(dir string, log *slog.Logger) (*shelf.Shelf, error) {
	base, err := catalog.Embedded()
	if err != nil {
		return nil, err
	}
	if dir == "" {
		return shelf.New(base, nil, log)
	}
	return shelf.New(base, os.DirFS(dir), log)
}

func newProvider(ctx context.Context, e *engine.Engine, s settings, subnets netip.Prefix, log *slog.Logger) (*kind.Provider, error) {
	image := s.image
	if image == "" {
		var err error
		if image, err = nodeimage.Present(ctx, e); err != nil {
			return nil, err
		}
	}
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	id, err := instance(s.data)
	if err != nil {
		return nil, err
	}
	return kind.New(ctx, kind.Config{
		Engine: e, Instance: id, Image: image, Program: program, Dir: s.data, Range: subnets, NoClone: s.noClone, Log: log,
	})
}

// instance is the id of the Greenbox that this data folder belongs to, made at
// the first call.
func instance(data string) (string, error) {
	id, err := knownInstance(data)
	if !errors.Is(err, fs.ErrNotExist) {
		return id, err
	}
	id = strings.ToLower(rand.Text()[:8])
	return id, os.WriteFile(instanceFile(data), []byte(id+"\n"), 0o600)
}

// knownInstance is that id where it has been made; else the error is fs.ErrNotExist.
func knownInstance(data string) (string, error) {
	raw, err := os.ReadFile(instanceFile(data))
	return strings.TrimSpace(string(raw)), err
}

func instanceFile(data string) string { return filepath.Join(data, "instance") }

// run serves until ctx ends. The page goes first, so that nothing new begins;
// then the fleet pauses the clusters; then the watches end.
func (p *product) run(ctx context.Context, ln net.Listener, begun func(context.Context, *product)) error {
	fleetCtx, stopFleet := context.WithCancel(context.WithoutCancel(ctx))
	defer stopFleet()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer stopFleet()
		return p.web.Serve(ctx, ln)
	})
	group.Go(func() error { return p.fleet.Run(fleetCtx) })
	group.Go(func() error { return p.observer.run(fleetCtx, p.fleet) })
	group.Go(func() error { return p.shelf.Run(ctx, p.observer.again) })
	group.Go(func() error { p.answerCommands(ctx); return nil })
	group.Go(func() error { begun(ctx, p); return nil })
	return group.Wait()
}

func (p *product) close() {
	if p.grader != nil {
		p.grader.Close()
	}
	if p.engine != nil {
		_ = p.engine.Close() // only idle connections are given up
	}
	if p.db != nil {
		if err := p.db.Close(); err != nil {
			p.log.Error("close the database", "err", err)
		}
	}
}
