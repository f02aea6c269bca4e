package sandbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/restore"
)

// live is the life of a sandbox from where its session stands now: the start,
// the wait for its end, after a reset the start again, the removal. When ctx ends
// it leaves the session as it is, for the next Run.
func (f *Fleet) live(ctx context.Context, s *Sandbox) {
	defer s.closing.Wait()
	if s.ticket != nil || s.spare != nil {
		f.bringUp(ctx, s)
	}
	for s.Session().Open() && ctx.Err() == nil {
		select {
		case r := <-s.again:
			s.closing.Go(func() { f.closeStreams(ctx, s, r.left) })
			s.start = r.start
			f.bringUp(ctx, s)
		case <-s.over:
		case <-ctx.Done():
		}
	}
	s.closing.Go(func() { f.closeStreams(ctx, s, s.onNodes()) })
	select {
	case r := <-s.again: // ended before it was begun
		s.start = r.start
		f.leaveBehind(ctx, s)
		s.closing.Go(func() { f.closeStreams(ctx, s, r.left) })
	default:
	}
	if !s.Session().Open() {
		f.remove(ctx, s)
	}
}

// closeStreams ends the streams to nodes.
func (f *Fleet) closeStreams(ctx context.Context, s *Sandbox, nodes *nodes) {
	var closing sync.WaitGroup
	for node, client := range nodes.clients {
		closing.Go(func() {
			if err := client.Close(); err != nil {
				f.cfg.Log.WarnContext(ctx, "close a stream", "session", s.id, "node", node, "error", err)
			}
		})
	}
	closing.Wait()
}

// bringUp takes a session from its place in line to ready, or to failed.
func (f *Fleet) bringUp(ctx context.Context, s *Sandbox) {
	defer f.leaveBehind(ctx, s)
	open, cancel := s.whileOpen(ctx)
	defer cancel()
	if s.spare != nil && f.startOnSpare(open, s) {
		return
	}
	if s.ticket == nil {
		s.ticket, _ = f.enter(s.id, s.lab)
	}
	if !f.standInLine(open, s) {
		return
	}
	if f.swapIn(open, s) {
		open, cancel = s.whileOpen(ctx) // on the nodes that the session has now
		defer cancel()
		if f.startOnSpare(open, s) {
			return
		}
	}
	begun := time.Now()
	err := f.prepareTwice(open, s)
	if open.Err() != nil { // ended, or the next Run's to start again
		return
	}
	f.judge(ctx, s, err)
	took := time.Since(begun).Round(time.Millisecond)
	if err != nil {
		f.cfg.Log.ErrorContext(ctx, "start a cluster", "session", s.id, "took", took, "error", err)
		f.cfg.Observe.Failed(Cold)
		f.settle(open, s, broken(sentence(err)))
		return
	}
	f.cfg.Log.InfoContext(ctx, "cluster ready", "session", s.id, "lab", s.lab.ID, "took", took)
	f.pool.forgive()
	f.settle(open, s, to(labs.Ready))
}

// standInLine shows each place in line and reports whether the turn came. An
// adopted start waits for the join first: the engine may not be there yet.
func (f *Fleet) standInLine(ctx context.Context, s *Sandbox) bool {
	for {
		select {
		case at := <-s.ticket.moved:
			f.settle(ctx, s, inLine(at))
			if at.place == 0 {
				return f.awaitJoin(ctx, s) && s.Session().State == labs.Preparing
			}
		case <-ctx.Done():
			return false
		}
	}
}

func (f *Fleet) awaitJoin(ctx context.Context, s *Sandbox) bool {
	if s.adopted {
		select {
		case <-f.joined:
		case <-ctx.Done():
		}
	}
	return ctx.Err() == nil
}

// prepare makes the cluster and sets the lab up on it. The error is one
// sentence for the learner.
func (f *Fleet) prepare(ctx context.Context, s *Sandbox) error {
	ctx, cancel := context.WithTimeout(ctx, f.cfg.StartTimeout)
	defer cancel()
	err := f.makeCluster(ctx, s)
	if err == nil {
		err = f.setUp(ctx, s)
	}
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("the cluster was not ready within %s: %w", f.cfg.StartTimeout, err)
	}
	return err
}

func (f *Fleet) makeCluster(ctx context.Context, s *Sandbox) error {
	now := s.Session()
	if s.adopted || s.remade { // a crash may have left half of it, the others all
		if err := f.cfg.Provider.Delete(ctx, now.Cluster); err != nil {
			return fmt.Errorf("the cluster of before could not be removed: %w", err)
		}
	}
	labels := cluster.Labels{Session: now.ID, Learner: now.LearnerID, Lab: now.LabID, Created: now.CreatedAt, Expires: now.ExpiresAt}
	begun := time.Now()
	err := f.cfg.Provider.Create(ctx, now.Cluster, labels, func(stage labs.Stage) { f.show(ctx, s, stage) })
	if err == nil {
		f.cfg.Observe.Started(Cold, time.Since(begun))
	}
	return err
}

// show publishes the stage of a start; a stage that could not be shown is no
// reason to end it.
func (f *Fleet) show(ctx context.Context, s *Sandbox, stage labs.Stage) {
	if stage != labs.StageNetwork && stage != labs.StageNodes {
		f.line.see(s.ticket)
	}
	err := f.changeIf(ctx, s, func() bool { return s.Session().State == labs.Preparing }, atStage(stage))
	if err != nil && !errors.Is(err, labs.ErrEnded) {
		f.cfg.Log.WarnContext(ctx, "show a stage", "session", s.id, "stage", stage, "error", err)
	}
}

func (f *Fleet) setUp(ctx context.Context, s *Sandbox) error {
	if err := restore.Remember(ctx, s); err != nil {
		return err
	}
	return f.setUpLab(ctx, s)
}

// setUpLab shows that the lab is being set up. From then on the learner's shells are
// open.
func (f *Fleet) setUpLab(ctx context.Context, s *Sandbox) error {
	f.show(ctx, s, labs.StageSetup)
	return f.beginLab(ctx, s, s.lab, s.id)
}

func (f *Fleet) beginLab(ctx context.Context, n restore.Node, lab labs.Lab, sessionID string) error {
	begun := time.Now()
	err := restore.Begin(ctx, n, lab.For(sessionID))
	if err == nil {
		f.cfg.Observe.SetUp(lab.ID, time.Since(begun))
	}
	if failed := (*restore.ScriptError)(nil); errors.As(err, &failed) {
		f.cfg.Log.ErrorContext(ctx, "set up a lab", "session", sessionID, "lab", lab.ID, "exit", failed.ExitCode, "output", failed.Output)
	}
	return err
}

// remove saves the learner's work, deletes what there is of the session's cluster,
// trying until it is gone, and forgets the sandbox. When ctx ends it finishes the
// try under way to delete, if it has come to that.
func (f *Fleet) remove(ctx context.Context, s *Sandbox) {
	if !f.saveWork(ctx, s) {
		return
	}
	name := s.cluster()
	for pause := time.Second; name != ""; pause = min(2*pause, 30*time.Second) {
		err := f.delete(ctx, name)
		if err == nil {
			break
		}
		f.cfg.Log.ErrorContext(ctx, "delete a cluster", "session", s.id, "cluster", name, "error", err)
		if !sleep(ctx, pause) {
			return
		}
	}
	f.forget(s)
}

func (f *Fleet) delete(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deleteTimeout)
	defer cancel()
	return f.cfg.Provider.Delete(ctx, name)
}

// sentence makes one sentence of an error, short enough for the page.
func sentence(err error) string {
	const most = 400
	line := []rune(strings.Join(strings.Fields(err.Error()), " "))
	if len(line) == 0 {
		return "The cluster could not be made."
	}
	if len(line) > most {
		line = append(line[:most], '…')
	}
	line[0] = unicode.ToUpper(line[0])
	return strings.TrimRight(string(line), ".") + "."
}
