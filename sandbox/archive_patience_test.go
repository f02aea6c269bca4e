package sandbox_test

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/archive"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/cluster/clustertest"
	"k8s.io/client-go/rest"
)

func TestAClusterThatDoesNotAnswerIsTriedForFiveMinutes(t *testing.T) {
	for _, c := range []struct {
		name string
		mute string // the node, or all
		want labs.ArchiveState
	}{
		{"what could be saved is kept", labs.Worker, labs.ArchiveSaved},
		{"where that is nothing, nothing is", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			inSavingWorld(t, func(t *testing.T, w *world) {
				s := w.ready()
				var tries atomic.Int64
				w.fault(func(call clustertest.Call) error {
					if call.Op == clustertest.Dial && (c.mute == "" || call.Node == c.mute) {
						tries.Add(1)
						return errors.New("no answer")
					}
					return nil
				})
				if c.mute == "" {
					w.machine.OnConfig(func(string) *rest.Config { return &rest.Config{Host: "://"} })
				}
				must(t, w.fleet.End(t.Context(), s.ID))
				time.Sleep(4 * time.Minute)
				w.saved(s.ID, labs.ArchiveSaving)
				w.machineHas(cluster.Running)
				time.Sleep(2 * time.Minute)
				w.saved(s.ID, c.want)
				w.machineHas()
				if tries.Load() < 5 {
					t.Errorf("%d tries", tries.Load())
				}
			})
		})
	}
}

func TestTheMachineIsWaitedForAsLongAsItTakes(t *testing.T) {
	for _, c := range []struct {
		name      string
		fail, end func(w *world, folder string)
	}{
		{"the engine is away", func(w *world, _ string) { w.machine.Unplug() }, func(w *world, _ string) { w.machine.Plug() }},
		{"the disk takes nothing", func(w *world, folder string) { must(w.t, os.RemoveAll(folder)) },
			func(w *world, folder string) { must(w.t, os.Mkdir(folder, 0o700)) }},
		{"the engine is away, and then a node for four minutes",
			func(w *world, _ string) { w.machine.Unplug() },
			func(w *world, _ string) {
				back := time.Now().Add(4 * time.Minute)
				w.fault(func(call clustertest.Call) error {
					if call.Op == clustertest.Dial && time.Now().Before(back) {
						return errors.New("no answer")
					}
					return nil
				})
				w.machine.Plug()
				time.Sleep(4 * time.Minute)
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inSavingWorld(t, func(t *testing.T, w *world) {
				synctest.Wait()
				w.stop()
				folder := filepath.Join(t.TempDir(), "here")
				var err error
				w.cfg.Archives, err = archive.New(folder)
				must(t, err)
				w.run()
				s := w.ready()
				c.fail(w, folder)
				time.Sleep(2 * time.Hour) // it expires in one
				w.is(s.ID, labs.Ended)
				w.saved(s.ID, labs.ArchiveSaving)
				w.machineHas(cluster.Running)
				c.end(w, folder)
				time.Sleep(time.Minute)
				w.saved(s.ID, labs.ArchiveSaved)
				w.machineHas()
			})
		})
	}
}

// silence is an API server that takes requests and never answers.
type silence struct{ apiServer }

func (silence) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestAnAPIServerThatDoesNotAnswerIsSoonGivenUp(t *testing.T) {
	for name, api := range map[string]*rest.Config{
		"because it is silent":    {Host: "silent", Transport: silence{}},
		"because nothing listens": {Host: "://"},
	} {
		t.Run(name, func(t *testing.T) {
			inSavingWorld(t, func(t *testing.T, w *world) {
				s := w.ready()
				w.machine.OnConfig(func(string) *rest.Config { return api })
				must(t, w.fleet.End(t.Context(), s.ID))
				time.Sleep(10 * time.Second)
				w.saved(s.ID, labs.ArchiveSaving)
				time.Sleep(30 * time.Second)
				w.saved(s.ID, labs.ArchiveSaved)
				w.machineHas()
				if said := w.readme(s.ID); !strings.Contains(said, "the cluster no longer gave objects") {
					t.Error(said)
				}
			})
		})
	}
}

// readme is what the README in a session's archive says.
func (w *world) readme(id string) string {
	w.t.Helper()
	file, err := w.fleet.OpenArchive(id)
	must(w.t, err)
	defer file.Close()
	plain, err := gzip.NewReader(file)
	must(w.t, err)
	for in := tar.NewReader(plain); ; {
		header, err := in.Next()
		must(w.t, err)
		if path.Base(header.Name) != "README.txt" {
			continue
		}
		said, err := io.ReadAll(in)
		must(w.t, err)
		return string(said)
	}
}

func TestAClassThatEndsTogetherLosesNothing(t *testing.T) {
	inSavingWorld(t, func(t *testing.T, w *world) {
		var all []labs.Session
		for i := range 9 {
			all = append(all, w.readyFor(fmt.Sprint("learner", i)))
		}
		w.fault(func(c clustertest.Call) error {
			if c.Op == clustertest.Dial {
				time.Sleep(8 * time.Second)
			}
			return nil
		})
		var asked sync.Map // clusters
		w.machine.OnConfig(func(cluster string) *rest.Config {
			if _, again := asked.LoadOrStore(cluster, true); !again {
				return &rest.Config{Host: "://"}
			}
			return &rest.Config{Host: cluster, Transport: apiServer{}}
		})
		for _, s := range all {
			must(t, w.fleet.End(t.Context(), s.ID))
		}
		time.Sleep(5 * time.Minute)
		for _, s := range all {
			w.saved(s.ID, labs.ArchiveSaved)
			if said := w.readme(s.ID); strings.Contains(said, "the cluster no longer gave objects") {
				t.Errorf("session %s: %s", s.ID, said)
			}
		}
	})
}

func TestOneThatIsGoneIsNotWaitedFor(t *testing.T) {
	inSavingWorld(t, func(t *testing.T, w *world) {
		s := w.ready()
		w.fault(func(c clustertest.Call) error {
			if c.Op == clustertest.Dial {
				w.machine.Lose(s.Cluster)
				return errors.New("no such container")
			}
			return nil
		})
		w.machine.OnConfig(func(string) *rest.Config { return &rest.Config{Host: "://"} })
		must(t, w.fleet.End(t.Context(), s.ID))
		w.saved(s.ID, "")
		w.machineHas()
	})
}
