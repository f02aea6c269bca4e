package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/greenbox-lab/greenbox/sandbox/kind"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// settings are what the server is told by flags and GREENBOX_* variables.
type settings struct {
	addr      string
	hosts     []string
	expose    bool
	solo      bool
	labs      string
	data      string
	image     string
	subnets   string
	noClone   bool
	limit     int
	lifetime  time.Duration
	extension time.Duration
	longest   time.Duration
	idle      time.Duration
	parallel  int
	most      int
	pool      int
	logFormat string
}

const defaultSubnets = "10.213.0.0/16"

func (s *settings) flags(f *pflag.FlagSet) {
	f.StringVar(&s.addr, "addr", "127.0.0.1:8080", "where to listen")
	f.StringSliceVar(&s.hosts, "host", nil, "a further name, or name:port, to answer for besides loopback; may be repeated")
	f.BoolVar(&s.expose, "expose", false, "allow --addr to be reachable from other machines: every learner can become root on this one")
	f.BoolVar(&s.solo, "solo", true, "one learner, no login, sessions never expire")
	f.StringVar(&s.labs, "labs", "", "folder with labs of your own, one folder each, besides those built in; it is read again when it changes")
	f.StringVar(&s.data, "data", defaultData(), "folder of the database and of the clusters' credentials")
	f.StringVar(&s.image, "image", "", "node image to use instead of the one `greenbox image` makes")
	f.BoolVar(&s.noClone, "no-clone", false, "have kind make each cluster from nothing")
	f.StringVar(&s.subnets, "subnets", defaultSubnets, "private range that each cluster takes a small network from")
	f.IntVar(&s.limit, "sessions-per-learner", 2, "how many sessions a learner may have open")
	f.DurationVar(&s.lifetime, "lifetime", 4*time.Hour, "how long a session lasts, but in solo mode")
	f.DurationVar(&s.extension, "extension", time.Hour, "how much longer a session lasts each time its learner asks for more")
	f.DurationVar(&s.longest, "max-lifetime", 12*time.Hour, "how long a session can last with all its extensions")
	f.DurationVar(&s.idle, "idle-pause", 15*time.Minute, "how long a learner is away until the cluster is paused; 0: never")
	f.IntVar(&s.parallel, "parallel-starts", runtime.NumCPU(), "how many clusters are made at once; further ones wait in line")
	f.IntVar(&s.most, "max-clusters", 0, "how many clusters there may be at once, spares included; 0: as many as the machine has room for")
	f.IntVar(&s.pool, "pool", -1, "how many paused clusters wait for learners; 0: none, -1: a quarter of what the machine has room for, at most 4")
	f.StringVar(&s.logFormat, "log", "text", "format of the log: text or json")
}

func defaultData() string {
	if os.Geteuid() == 0 {
		return "/var/lib/greenbox"
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "greenbox-data"
	}
	return filepath.Join(home, ".local", "share", "greenbox")
}

func serveCommand() *cobra.Command {
	var s settings
	c := &cobra.Command{
		Use:   "serve",
		Short: "Run the server; engine and node image must be there",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			say := newStages(cmd.ErrOrStderr()).say
			return serve(cmd.Context(), s, say, nil)
		},
	}
	s.flags(c.Flags())
	return c
}

// check finds what would make the server unusable or unsafe.
func (s *settings) check() (subnets netip.Prefix, port int, err error) {
	host, p, err := net.SplitHostPort(s.addr)
	if err != nil {
		return netip.Prefix{}, 0, fmt.Errorf("--addr %s: %w", s.addr, err)
	}
	port, err = strconv.Atoi(p)
	if err != nil {
		return netip.Prefix{}, 0, fmt.Errorf("--addr %s: the port is not a number", s.addr)
	}
	if port == 0 {
		return netip.Prefix{}, 0, fmt.Errorf("--addr %s: give a port, since the server answers only to the name and port it knows beforehand", s.addr)
	}
	ip := net.ParseIP(host)
	if host != "localhost" && (ip == nil || !ip.IsLoopback()) && !s.expose {
		return netip.Prefix{}, 0, fmt.Errorf("--addr %s can be reached from other machines, and whoever starts a lab can become root on this one: add --expose if all of them may", s.addr)
	}
	if s.solo && s.expose {
		return netip.Prefix{}, 0, errors.New("--expose with --solo would give one learner's terminals to everybody: add --solo=false")
	}
	if s.limit < 1 || s.parallel < 1 || s.most < 0 || s.lifetime < time.Minute {
		return netip.Prefix{}, 0, errors.New("--sessions-per-learner and --parallel-starts are at least 1, --max-clusters at least 0, --lifetime at least 1m")
	}
	if s.extension < time.Minute || s.longest < s.lifetime {
		return netip.Prefix{}, 0, errors.New("--extension is at least 1m, --max-lifetime at least --lifetime")
	}
	if s.idle != 0 && s.idle < time.Second {
		return netip.Prefix{}, 0, errors.New("--idle-pause is at least 1s, or 0 for never")
	}
	if s.pool < -1 {
		return netip.Prefix{}, 0, fmt.Errorf("--pool %d: give a number of clusters, or -1 to have it follow the machine", s.pool)
	}
	if s.logFormat != "text" && s.logFormat != "json" {
		return netip.Prefix{}, 0, fmt.Errorf("--log %s: it is text or json", s.logFormat)
	}
	subnets, err = netip.ParsePrefix(s.subnets)
	if err != nil {
		return netip.Prefix{}, 0, fmt.Errorf("--subnets: %w", err)
	}
	return subnets, port, kind.CheckRange(subnets)
}

func (s *settings) logger() *slog.Logger {
	if s.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, nil))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, nil))
}

// serve runs the server until ctx ends, and begun beside it once it listens.
func serve(ctx context.Context, s settings, say func(string), begun func(context.Context, *product)) error {
	subnets, port, err := s.check()
	if err != nil {
		return err
	}
	p, err := assemble(ctx, s, subnets, port)
	if err != nil {
		return err
	}
	defer p.close()
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w; another --addr helps if a program holds the port", s.addr, err)
	}
	say("kind's nodes are privileged containers: root in a lab is root on this machine. Serve people you trust")
	say("open http://localhost:" + strconv.Itoa(port))
	if begun == nil {
		begun = func(context.Context, *product) {}
	}
	return p.run(ctx, ln, begun)
}
