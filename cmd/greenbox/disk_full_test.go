package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs/feed"
	"github.com/greenbox-lab/greenbox/labs/grade"
	"github.com/greenbox-lab/greenbox/labs/progress"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/cluster/clustertest"
	"github.com/greenbox-lab/greenbox/static"
	"github.com/greenbox-lab/greenbox/web"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"
)

// A server whose disk is full says so, loses nothing of what it had, and works again
// once there is room.
func TestAFullDisk(t *testing.T) {
	disk, machine := newSmallDisk(t), clustertest.New()
	room := make(chan struct{})
	machine.OnCall(func(ctx context.Context, c clustertest.Call) error {
		if c.Op == clustertest.Create && len(machine.Clusters()) > 1 { // the second start
			<-room
		}
		return ctx.Err()
	})
	w, stop := serveOn(t, disk.dir, machine)
	start := func(lab string) session {
		return api[session](t, w, http.StatusCreated, http.MethodPost, "/api/v1/labs/"+lab+"/sessions", "")
	}
	look := func(id string) session {
		return api[session](t, w, http.StatusOK, http.MethodGet, "/api/v1/sessions/"+id, "")
	}
	first := start("delete-static-pod")
	w.ready(first.ID)
	w.attempt(t, first.ID, "where", "node01")
	second := start("first-pods")

	disk.fill(t)
	path := "/api/v1/sessions/" + first.ID
	w.eventually(time.Minute, "there is no room for a write", func() error {
		status, _, err := w.try(http.MethodPost, path+"/steps/delete/hints", "")
		if err == nil && status != http.StatusInsufficientStorage {
			err = fmt.Errorf("status %d", status)
		}
		return err
	})
	close(room)
	for _, ask := range [][3]string{
		{http.MethodDelete, path},
		{http.MethodPost, path + "/reset"},
		{http.MethodPost, path + "/steps/where/attempts", `{"answer":"controlplane"}`},
		{http.MethodPost, path + "/steps/where/hints"},
	} {
		got := api[struct{ Code, Detail string }](t, w, http.StatusInsufficientStorage, ask[0], ask[1], ask[2])
		if got.Code != "disk-full" || !strings.Contains(got.Detail, "try again when there is room") {
			t.Errorf("%s %s: %+v", ask[0], ask[1], got)
		}
	}
	if now := look(first.ID); now.State != "ready" || now.verdict("where") != "passed" {
		t.Errorf("on a full disk the session is %+v", now)
	}
	if now := look(second.ID); now.State != "preparing" {
		t.Errorf("on a full disk the start is %s", now.State)
	}

	disk.empty(t)
	w.ready(second.ID)
	w.attempt(t, first.ID, "where", "node01")
	api[struct{}](t, w, http.StatusNoContent, http.MethodDelete, "/api/v1/sessions/"+second.ID, "")
	stop()
	w, stop = serveOn(t, disk.dir, machine)
	defer stop()
	if now := look(first.ID); now.State != "paused" || now.verdict("where") != "passed" {
		t.Errorf("the next server has the session as %+v", now)
	}
	if now := look(second.ID); now.State != "ended" {
		t.Errorf("the next server has the ended session as %s", now.State)
	}
}

// smallDisk is a folder with a disk of its own.
type smallDisk struct {
	dir, ballast string
}

func newSmallDisk(t *testing.T) smallDisk {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root mounts a small disk, and make test runs as root")
	}
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "size=4m,mode=0700"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return smallDisk{dir, filepath.Join(dir, "ballast")}
}

func (d smallDisk) fill(t *testing.T) {
	t.Helper()
	if err := os.WriteFile(d.ballast, make([]byte, 8<<20), 0o600); !errors.Is(err, unix.ENOSPC) {
		t.Fatalf("the disk was to be full: %v", err)
	}
}

func (d smallDisk) empty(t *testing.T) {
	t.Helper()
	if err := os.Remove(d.ballast); err != nil {
		t.Fatal(err)
	}
}

// serveOn runs what the product is made of, on a folder and a fake machine, until
// stop is called or the test ends.
func serveOn(t *testing.T, dir string, machine *clustertest.Machine) (_ *world, stop func()) {
	t.Helper()
	log := &lockedBuffer{}
	logger := slog.New(slog.NewTextHandler(log, nil))
	db, err := progress.Open(t.Context(), filepath.Join(dir, "greenbox.db"))
	if err != nil {
		t.Fatal(err)
	}
	content, err := openShelf("", logger)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	news := feed.New()
	grader := grade.New(db, news.Publish)
	fleet := sandbox.New(sandbox.Config{Store: db, Spares: db, Labs: content.Lab, Publish: news.Publish, Log: logger, Parallel: 2,
		Provider: machine, Pauser: machine, Access: machine, Taker: machine})
	server, err := web.New(t.Context(), web.Config{Fleet: web.Over(fleet), Archives: fleet, Catalog: content, Grader: grader, Progress: db,
		Feed: news, Static: static.Files(), Port: ln.Addr().(*net.TCPAddr).Port, Solo: true, Registry: prometheus.NewRegistry(), Log: logger})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running errgroup.Group
	running.Go(func() error { return fleet.Run(ctx) })
	running.Go(func() error { return server.Serve(ctx, ln) })
	stop = sync.OnceFunc(func() {
		cancel()
		err := running.Wait()
		grader.Close()
		if err := errors.Join(err, db.Close()); err != nil {
			t.Errorf("%v\n%s", err, log.tail())
		}
	})
	t.Cleanup(stop)
	return &world{t: t, addr: ln.Addr().String(), data: dir, log: log}, stop
}
