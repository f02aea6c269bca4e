package sandbox_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/archive"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/cluster/clustertest"
	"k8s.io/client-go/rest"
)

// inSavingWorld is inWorld with archives, on a machine whose nodes have a file.
func inSavingWorld(t *testing.T, do func(*testing.T, *world)) {
	t.Helper()
	adjust := func(cfg *sandbox.Config) {
		archives, err := archive.New(filepath.Join(t.TempDir(), "archives"))
		must(t, err)
		cfg.Archives, cfg.Lifetime = archives, time.Hour
	}
	inWorld(t, adjust, func(t *testing.T, w *world) {
		w.machine.OnDial(func(context.Context, clustertest.Call) (io.ReadWriteCloser, error) { return newNode(t), nil })
		w.machine.OnConfig(func(cluster string) *rest.Config { return &rest.Config{Host: cluster, Transport: apiServer{}} })
		do(t, w)
	})
}

// node is what one sends of its files.
type node struct{ *bytes.Buffer }

func (node) Close() error { return nil }

func newNode(t *testing.T) node {
	var out bytes.Buffer
	files := tar.NewWriter(&out)
	must(t, files.WriteHeader(&tar.Header{Name: "root/mine", Size: 4}))
	_, err := files.Write([]byte("mine"))
	must(t, errors.Join(err, files.Close()))
	out.WriteString("whole\n")
	return node{&out}
}

// apiServer has one kind, and no objects of it.
type apiServer struct{}

func (apiServer) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, ok := map[string]string{
		"/api":    `{"kind":"APIVersions","versions":["v1"]}`,
		"/apis":   `{"kind":"APIGroupList","groups":[]}`,
		"/api/v1": `{"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"pods","kind":"Pod","namespaced":true,"verbs":["list"]}]}`,
	}[r.URL.Path]
	if !ok {
		answer = `{"kind":"List","apiVersion":"v1","items":[]}`
	}
	header := http.Header{"Content-Type": {"application/json"}}
	return &http.Response{StatusCode: http.StatusOK, Header: header, Body: io.NopCloser(strings.NewReader(answer)), Request: r}, nil
}

// CloseIdleConnections has nothing to close.
func (apiServer) CloseIdleConnections() {}

// saved fails the test unless the session's work is, once nothing moves any more.
func (w *world) saved(id string, want labs.ArchiveState) {
	w.t.Helper()
	synctest.Wait()
	got := w.fleet.Archive(id)
	file, err := w.fleet.OpenArchive(id)
	if err == nil {
		must(w.t, file.Close())
	}
	if got.State != want || (got.Size > 0) != (want == labs.ArchiveSaved) || (err == nil) != (want == labs.ArchiveSaved) {
		w.t.Errorf("the archive is %+v, opened with %v, want %q", got, err, want)
	}
}

func TestTheWorkIsSavedBeforeTheClusterGoes(t *testing.T) {
	for _, c := range []struct {
		name  string
		end   func(*world) labs.Session
		state labs.State
		want  labs.ArchiveState
	}{
		{"of a session that is ended", func(w *world) labs.Session {
			s := w.ready()
			must(w.t, w.fleet.End(w.t.Context(), s.ID))
			return s
		}, labs.Ended, labs.ArchiveSaved},
		{"of one that expires", func(w *world) labs.Session {
			s := w.ready()
			time.Sleep(time.Hour)
			return s
		}, labs.Ended, labs.ArchiveSaved},
		{"of one whose cluster is paused", func(w *world) labs.Session {
			s := w.ready()
			w.stop()
			w.run()
			w.is(s.ID, labs.Paused)
			must(w.t, w.fleet.End(w.t.Context(), s.ID))
			return s
		}, labs.Ended, labs.ArchiveSaved},
		{"but not of one that was never ready", func(w *world) labs.Session {
			s := w.start(ann, lab)
			time.Sleep(step)
			must(w.t, w.fleet.End(w.t.Context(), s.ID))
			return s
		}, labs.Ended, ""},
		{"nor of one that failed", func(w *world) labs.Session {
			w.onSetup(cluster.Result{ExitCode: 1})
			s := w.start(ann, lab)
			time.Sleep(time.Minute)
			return s
		}, labs.Broken, ""},
		{"nor where there is nothing to go back to after a reset", func(w *world) labs.Session {
			s := w.ready()
			must(w.t, w.fleet.Reset(w.t.Context(), s.ID))
			time.Sleep(step)
			must(w.t, w.fleet.End(w.t.Context(), s.ID))
			return s
		}, labs.Ended, ""},
		{"and a reset saves nothing", func(w *world) labs.Session {
			s := w.ready()
			must(w.t, w.fleet.Reset(w.t.Context(), s.ID))
			time.Sleep(time.Minute)
			w.is(s.ID, labs.Ready)
			w.saved(s.ID, "")
			must(w.t, w.fleet.End(w.t.Context(), s.ID))
			return s
		}, labs.Ended, labs.ArchiveSaved},
	} {
		t.Run(c.name, func(t *testing.T) {
			inSavingWorld(t, func(t *testing.T, w *world) {
				s := c.end(w)
				time.Sleep(time.Minute)
				w.is(s.ID, c.state)
				w.saved(s.ID, c.want)
				w.machineHas()
			})
		})
	}
}

func TestPagesHearOfTheArchive(t *testing.T) {
	inSavingWorld(t, func(t *testing.T, w *world) {
		s := w.ready()
		w.hang(clustertest.Dial)
		must(t, w.fleet.End(t.Context(), s.ID))
		w.saved(s.ID, labs.ArchiveSaving)
		w.machineHas(cluster.Running)
		before := len(w.told(s.ID))
		w.fault(func(clustertest.Call) error { return nil })
		time.Sleep(2 * time.Minute)
		w.saved(s.ID, labs.ArchiveSaved)
		if told := w.told(s.ID)[before:]; len(told) != 1 || told[0].State != labs.Ended {
			t.Errorf("told %+v", told)
		}
	})
}

func TestAServerKilledWhileSavingSavesAgain(t *testing.T) {
	for _, c := range []struct {
		name string
		at   clustertest.Op
		node string
		once bool // saved before the kill
	}{
		{"before anything was read", clustertest.Resume, "", false},
		{"in the middle", clustertest.Dial, labs.Worker, false},
		{"once all was saved, not", clustertest.Delete, "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			inSavingWorld(t, func(t *testing.T, w *world) {
				s, other := w.ready(), cluster.Cluster{Name: "greenbox-x", Labels: cluster.Labels{Session: "x"}, State: cluster.Running}
				hanging := func(call clustertest.Call) bool { return call.Op == c.at && call.Node == c.node }
				w.machine.OnCall(func(ctx context.Context, call clustertest.Call) error {
					if hanging(call) {
						<-ctx.Done()
					}
					return ctx.Err()
				})
				must(t, w.fleet.End(t.Context(), s.ID))
				synctest.Wait()
				w.kill()
				w.machineHas(cluster.Running)
				w.machine.Put(other)
				var dials atomic.Int64
				w.fault(func(call clustertest.Call) error {
					if call.Op == clustertest.Dial {
						dials.Add(1)
						time.Sleep(5 * time.Second)
					}
					return nil
				})
				w.run()
				time.Sleep(3 * time.Second)
				if !c.once {
					w.machineHas(cluster.Running) // the other one is gone: it does not wait for this one
					w.saved(s.ID, labs.ArchiveSaving)
				}
				time.Sleep(time.Minute)
				w.machineHas()
				w.saved(s.ID, labs.ArchiveSaved)
				if want := map[bool]int64{false: 2, true: 0}[c.once]; dials.Load() != want {
					t.Errorf("%d nodes were read, want %d", dials.Load(), want)
				}
			})
		})
	}
}

func TestAServerKilledWhileItUndoesAStartHasNothingToSave(t *testing.T) {
	for name, start := range map[string]func(*world) labs.Session{
		"the first": func(w *world) labs.Session { return w.start(ann, lab) },
		"that after a reset": func(w *world) labs.Session {
			s := w.readyFor("ben")
			must(w.t, w.fleet.Reset(w.t.Context(), s.ID))
			return s
		},
	} {
		t.Run(name, func(t *testing.T) {
			inSavingWorld(t, func(t *testing.T, w *world) {
				s := start(w)
				time.Sleep(step / 2)
				w.is(s.ID, labs.Preparing)
				w.machine.Unplug()
				must(t, w.fleet.End(t.Context(), s.ID))
				w.kill()
				w.machineHas(cluster.Broken)
				w.fault(func(c clustertest.Call) error {
					if c.Op == clustertest.Dial {
						return errors.New("no answer")
					}
					return nil
				})
				w.run()
				w.saved(s.ID, "")
				time.Sleep(time.Second)
				w.machineHas()
			})
		})
	}
}

func TestArchivesAreRemovedAfterThirtyDays(t *testing.T) {
	inSavingWorld(t, func(t *testing.T, w *world) {
		s := w.ready()
		must(t, w.fleet.End(t.Context(), s.ID))
		w.saved(s.ID, labs.ArchiveSaved)
		file, err := w.fleet.OpenArchive(s.ID)
		must(t, err)
		almost := time.Now().Add(time.Minute - 30*24*time.Hour)
		must(t, errors.Join(os.Chtimes(file.Name(), almost, almost), file.Close()))
		w.saved(s.ID, labs.ArchiveSaved)
		time.Sleep(2 * time.Hour)
		w.saved(s.ID, "")
	})
}
