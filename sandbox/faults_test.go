package sandbox_test

import (
	"context"
	"errors"
	"flag"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/archive"
	"github.com/greenbox-lab/greenbox/sandbox/cluster/clustertest"
	"k8s.io/client-go/rest"
)

var faultSeed = flag.Uint64("fault-seed", 1, "of the faults that TestAThousandCyclesOfFaultsLeaveNothing meets")

const (
	servers  = 5  // one after the other
	visitors = 8  // at once
	visits   = 25 // of each
	cycles   = servers * visitors * visits
)

// A thousand sessions on a machine where every eighth call goes wrong, served by five
// servers in turn, leave no cluster, no goroutine, no file, no stream, and no row that
// waits for anything.
func TestAThousandCyclesOfFaultsLeaveNothing(t *testing.T) {
	t.Logf("-fault-seed %d", *faultSeed)
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		p := w.onFaultyMachine(*faultSeed)
		w.run()
		begun := time.Now()
		came := w.receive()
		w.cfg.Pool = 0
		w.stop()
		w.run()
		w.emptied(p)
		w.stop()
		w.nothingIsOpen(p)
		suffered, timeless := p.history()
		t.Logf("%d of %d sessions were ready; what became of calls: %v; in %s of the machine's time",
			came, cycles, suffered, time.Since(begun).Round(time.Minute))
		if came < cycles/5 || suffered[fails] < cycles/4 || suffered[hangs] < cycles/4 || suffered[half] < cycles/4 {
			t.Error("that is not what this test is for")
		}
		if len(timeless) > 0 {
			t.Errorf("calls without a deadline: %v", timeless)
		}
	})
	settles(t, "goroutines", goroutines, runtime.NumGoroutine)
	settles(t, "open files", files, func() int { return openFiles(t) })
}

// onFaultyMachine has the fleet work with everything it knows, and little patience.
func (w *world) onFaultyMachine(seed uint64) *faultyProvider {
	w.t.Helper()
	p := newFaultyProvider(w.machine, seed)
	archives, err := archive.New(filepath.Join(w.t.TempDir(), "archives"))
	must(w.t, err)
	w.machine.OnDial(func(context.Context, clustertest.Call) (io.ReadWriteCloser, error) { return newNode(w.t), nil })
	w.machine.OnConfig(func(cluster string) *rest.Config { return &rest.Config{Host: cluster, Transport: apiServer{}} })
	c := &w.cfg
	c.Provider, c.Pauser, c.Access, c.Taker, c.Surveyor, c.Archives = p, p, p, p, p, archives
	c.Pool, c.Parallel, c.Limit, c.IdlePause, c.StartTimeout = 2, visitors/2, 1, 20*time.Second, time.Minute
	return p
}

// receive has visitors come and go until all cycles are done, and returns how many of
// their sessions were ready.
func (w *world) receive() (ready int) {
	var came atomic.Int64
	for server := range servers {
		if server > 0 {
			w.stop()
			w.cfg.Archives = nil // of the first one's sessions: each costs as much as all else of a cycle
			w.run()
		}
		var visiting sync.WaitGroup
		for visitor := range visitors {
			l := w.learner("visitor-" + strconv.Itoa(visitor))
			random := rand.New(rand.NewPCG(*faultSeed, uint64(server*visitors+visitor)))
			visiting.Go(func() {
				for range visits {
					if w.visit(l, random) {
						came.Add(1)
					}
				}
			})
		}
		visiting.Wait()
	}
	return int(came.Load())
}

// visit is one cycle. It reports whether the session was ready.
func (w *world) visit(l labs.Learner, random *rand.Rand) (ready bool) {
	s, _, err := w.fleet.Start(w.t.Context(), l, lab)
	if err != nil {
		w.t.Errorf("start: %v", err)
		return false
	}
	for patience := random.IntN(180); patience > 0 && !ready; patience-- {
		time.Sleep(time.Second)
		now, err := w.fleet.Session(w.t.Context(), s.ID)
		if err != nil || !now.Open() {
			break
		}
		ready = now.State == labs.Ready
	}
	if ready {
		w.use(s.ID, random)
	}
	if err := w.fleet.End(w.t.Context(), s.ID); err != nil {
		w.t.Errorf("end: %v", err)
	}
	if now, err := w.fleet.Session(w.t.Context(), s.ID); err != nil || now.Open() {
		w.t.Errorf("after its end the session is %s, %v", now.State, err)
	}
	return ready
}

// use is what a learner does, successfully or not, with a session.
func (w *world) use(id string, random *rand.Rand) {
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	defer cancel()
	switch random.IntN(4) {
	case 0:
		_ = w.fleet.Reset(ctx, id) // as with all here, the machine may not let it
		time.Sleep(time.Duration(random.IntN(60)) * time.Second)
	case 1:
		time.Sleep(time.Minute) // away
		_ = w.fleet.Touch(ctx, id)
	case 2:
		if box, err := w.fleet.Sandbox(ctx, id); err == nil {
			_, _, _ = box.Run(ctx, labs.Worker, "true")
		}
	}
}

// emptied waits until the machine has no clusters, faults or not.
func (w *world) emptied(p *faultyProvider) {
	w.t.Helper()
	time.Sleep(time.Minute)
	for deadline := time.Now().Add(time.Hour); len(p.Clusters()) > 0; time.Sleep(time.Second) {
		if time.Now().After(deadline) {
			w.t.Fatalf("after an hour there still are %+v", p.Clusters())
		}
	}
}

// nothingIsOpen fails the test unless rows and streams have come to their end.
func (w *world) nothingIsOpen(p *faultyProvider) {
	w.t.Helper()
	open, err := w.db.OpenSessions(w.t.Context())
	spares, serr := w.db.Spares(w.t.Context())
	counts, cerr := w.db.CountSessions(w.t.Context())
	must(w.t, errors.Join(err, serr, cerr))
	if total := counts[labs.Ended] + counts[labs.Broken]; len(open) > 0 || len(spares) > 0 || total != cycles {
		w.t.Errorf("open sessions %+v, spares %+v, sessions by state %v", open, spares, counts)
	}
	if n := p.streams.Load(); n != 0 {
		w.t.Errorf("%d streams to nodes are open", n)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	must(t, err)
	return len(files)
}

// settles fails the test unless there soon are no more of them than before.
func settles(t *testing.T, what string, before int, count func() int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); count() > before; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d %s, %d before\n%s", count(), what, before, stacks[:runtime.Stack(stacks, true)])
		}
	}
}
