package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/cluster/clustertest"
)

// faultyProvider is a machine on which one call in faultEvery goes wrong, and how
// is a seeded choice.
type faultyProvider struct {
	*clustertest.Machine
	streams atomic.Int64 // that were dialled and not closed

	mu       sync.Mutex
	random   *rand.Rand              // guarded by mu
	suffered map[fault]int           // guarded by mu
	timeless map[clustertest.Op]bool // calls that could have hung for ever; guarded by mu
}

const faultEvery = 8

// fault is what becomes of a call.
type fault string

const (
	works fault = "works"
	fails fault = "fails"
	hangs fault = "hangs" // until its deadline
	half  fault = "half"  // does what it should, or some of it, and then fails
)

var errFault = errors.New("a fault of the machine")

func newFaultyProvider(m *clustertest.Machine, seed uint64) *faultyProvider {
	return &faultyProvider{Machine: m, random: rand.New(rand.NewPCG(seed, 0)),
		suffered: map[fault]int{}, timeless: map[clustertest.Op]bool{}}
}

func (p *faultyProvider) choose(ctx context.Context, op clustertest.Op) fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, timed := ctx.Deadline(); !timed {
		p.timeless[op] = true
	}
	chosen := works
	if p.random.IntN(faultEvery) == 0 {
		chosen = []fault{fails, hangs, half}[p.random.IntN(3)]
	}
	p.suffered[chosen]++
	return chosen
}

// history is what became of all calls, and which of them had no deadline.
func (p *faultyProvider) history() (suffered map[fault]int, timeless map[clustertest.Op]bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.suffered), maps.Clone(p.timeless)
}

// suffer does a call, or what a fault leaves of it.
func (p *faultyProvider) suffer(ctx context.Context, op clustertest.Op, do func() error) error {
	switch p.choose(ctx, op) {
	case fails:
		return errFault
	case hangs:
		return hung(ctx)
	case half:
		return errors.Join(do(), errFault)
	case works:
	}
	return do()
}

func hung(ctx context.Context) error {
	<-ctx.Done()
	return fmt.Errorf("hung: %w", ctx.Err())
}

// Create leaves half a cluster where it hangs, and a whole one where it is half done.
func (p *faultyProvider) Create(ctx context.Context, name string, labels cluster.Labels, stage func(labs.Stage)) error {
	switch p.choose(ctx, clustertest.Create) {
	case fails:
		return errFault
	case hangs:
		p.Put(cluster.Cluster{Name: name, Labels: labels, Created: time.Now(), State: cluster.Broken})
		return hung(ctx)
	case half:
		return errors.Join(p.Machine.Create(ctx, name, labels, stage), errFault)
	case works:
	}
	return p.Machine.Create(ctx, name, labels, stage)
}

func (p *faultyProvider) Delete(ctx context.Context, name string) error {
	return p.suffer(ctx, clustertest.Delete, func() error { return p.Machine.Delete(ctx, name) })
}

func (p *faultyProvider) Pause(ctx context.Context, name string) error {
	return p.suffer(ctx, clustertest.Pause, func() error { return p.Machine.Pause(ctx, name) })
}

func (p *faultyProvider) Resume(ctx context.Context, name string) error {
	return p.suffer(ctx, clustertest.Resume, func() error { return p.Machine.Resume(ctx, name) })
}

func (p *faultyProvider) Take(ctx context.Context, name string) error {
	return p.suffer(ctx, clustertest.Take, func() error { return p.Machine.Take(ctx, name) })
}

func (p *faultyProvider) List(ctx context.Context) (list []cluster.Cluster, err error) {
	err = p.suffer(ctx, clustertest.List, func() (err error) {
		list, err = p.Machine.List(ctx)
		return err
	})
	return list, err
}

func (p *faultyProvider) Room(ctx context.Context) (room cluster.Room, err error) {
	err = p.suffer(ctx, clustertest.Room, func() (err error) {
		room, err = p.Machine.Room(ctx)
		return err
	})
	return room, err
}

func (p *faultyProvider) Run(ctx context.Context, name, node string, argv []string, stdin io.Reader) (r cluster.Result, err error) {
	err = p.suffer(ctx, clustertest.Run, func() (err error) {
		r, err = p.Machine.Run(ctx, name, node, argv, stdin)
		return err
	})
	return r, err
}

// Dial gives a stream that has ended where it is half done.
func (p *faultyProvider) Dial(ctx context.Context, name, node string, argv []string) (io.ReadWriteCloser, error) {
	switch p.choose(ctx, clustertest.Dial) {
	case fails:
		return nil, errFault
	case hangs:
		return nil, hung(ctx)
	case half:
		return p.count(ended{}), nil
	case works:
	}
	stream, err := p.Machine.Dial(ctx, name, node, argv)
	if err != nil {
		return nil, err
	}
	return p.count(stream), nil
}

// ended is a stream that has ended.
type ended struct{}

func (ended) Read([]byte) (int, error)  { return 0, io.EOF }
func (ended) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
func (ended) Close() error              { return nil }

// counted is a stream that is counted until it is closed.
type counted struct {
	io.ReadWriteCloser
	closed func()
}

func (p *faultyProvider) count(stream io.ReadWriteCloser) counted {
	p.streams.Add(1)
	return counted{stream, sync.OnceFunc(func() { p.streams.Add(-1) })}
}

func (c counted) Close() error {
	c.closed()
	return c.ReadWriteCloser.Close()
}
