package grade

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/watch"
)

// liveWithin is how long an attempt waits for a watch to be up.
const liveWithin = 10 * time.Second

// watched is the condition of one check, kept up to date by follow.
type watched struct {
	condition condition
	changed   func() // called after every change of the view; does not block

	mu      sync.Mutex
	objects map[string]unstructured.Unstructured // by namespace/name; guarded by mu
	view    view                                 // guarded by mu
}

// view is what is known of a condition at one moment.
type view struct {
	live    bool      // whether we would hear of a change
	err     error     // why not, or why the condition could not be evaluated
	since   time.Time // since when it holds without a break; zero when it does not
	changed chan struct{}
}

func newWatched(check labs.ObjectCheck, changed func()) (*watched, error) {
	c, err := newCondition(check)
	if err != nil {
		return nil, err
	}
	return &watched{
		condition: c,
		changed:   changed,
		view:      view{err: errors.New("the API server has not answered yet"), changed: make(chan struct{})},
	}, nil
}

// look returns what is known now; its channel closes when that changes.
func (w *watched) look() view {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.view
}

// update changes the view and wakes whoever waits for that.
func (w *watched) update(change func(v *view)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change(&w.view)
	close(w.view.changed)
	w.view.changed = make(chan struct{})
	w.changed()
}

// replace takes what a list found. Nobody knows what happened before it, so the
// condition holds at most since now.
func (w *watched) replace(ctx context.Context, found []unstructured.Unstructured) {
	w.update(func(v *view) {
		w.objects = map[string]unstructured.Unstructured{}
		for _, o := range found {
			w.objects[key(o)] = o
		}
		v.since = time.Time{}
		w.evaluateLocked(ctx, v)
	})
}

// apply takes an event of a watch.
func (w *watched) apply(ctx context.Context, kind watch.EventType, o unstructured.Unstructured) {
	w.update(func(v *view) {
		if kind == watch.Deleted {
			delete(w.objects, key(o))
		} else {
			w.objects[key(o)] = o
		}
		w.evaluateLocked(ctx, v)
	})
}

// connected says that every change since the last event will be heard of.
func (w *watched) connected(ctx context.Context) {
	w.update(func(v *view) {
		v.live = true
		w.evaluateLocked(ctx, v)
	})
}

// interrupted says that changes may go unheard.
func (w *watched) interrupted(err error) { w.update(func(v *view) { v.live, v.err = false, err }) }

func (w *watched) evaluateLocked(ctx context.Context, v *view) {
	holds, err := w.condition.holds(ctx, slices.Collect(maps.Values(w.objects)))
	v.err = err
	switch {
	case !holds:
		v.since = time.Time{}
	case v.since.IsZero():
		v.since = time.Now()
	}
}

func key(o unstructured.Unstructured) string { return o.GetNamespace() + "/" + o.GetName() }

// held reports whether the condition has held for as long as its check asks. If it
// holds, but not yet for long enough, missing is what is left.
func (w *watched) held() (ok bool, missing time.Duration) {
	now := w.look()
	if !now.live || now.err != nil || now.since.IsZero() {
		return false, 0
	}
	missing = max(0, w.condition.check.For-time.Since(now.since))
	return missing == 0, missing
}

// hold waits until the condition has held for as long as its check asks. It fails
// when the condition does not hold and patience is over; it blocks for at most
// liveWithin, or patience and the check's time together.
func (w *watched) hold(ctx context.Context, patience time.Duration) finding {
	start := time.Now()
	for {
		now := w.look()
		wait := time.Until(start.Add(patience))
		switch {
		case !now.live || now.err != nil:
			wait = time.Until(start.Add(liveWithin))
			if wait <= 0 {
				return errored(now.err)
			}
		case !now.since.IsZero():
			wait = w.condition.check.For - time.Since(now.since)
			if wait <= 0 {
				return held(true, nil)
			}
		case wait <= 0:
			return failed(w.seen())
		}
		timer := time.NewTimer(wait)
		select {
		case <-now.changed:
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return errored(ctx.Err())
		}
		timer.Stop()
	}
}

func (w *watched) seen() labs.Text {
	w.mu.Lock()
	defer w.mu.Unlock()
	return seenObjects(w.condition.check, slices.Collect(maps.Values(w.objects)))
}
