package grade

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

// following is an open step with the watches that tell when to judge it.
type following struct {
	step     labs.Step
	judge    judge
	watches  []*watched    // of its object checks
	scripted time.Time     // when its scripts last ran
	rest     time.Duration // when to run them again if they fail once more
	again    time.Duration // when to judge again even if nothing changes; zero: never
}

// following watches what a step without a question is about, in goroutines that
// end with ctx.
func (o *observation) following(ctx context.Context, step labs.Step, watching *sync.WaitGroup) (*following, error) {
	f := &following{step: step, judge: judge{target: o.target}, rest: scriptEvery}
	if step.Question() != nil {
		return f, nil
	}
	paths := map[string][]string{}
	for _, c := range step.Checks {
		switch {
		case c.Object != nil:
			w, err := o.watch(ctx, *c.Object, watching)
			if err != nil {
				return nil, err
			}
			f.watches = append(f.watches, w)
		case c.File != nil && !slices.Contains(paths[c.File.Node], c.File.Path):
			paths[c.File.Node] = append(paths[c.File.Node], c.File.Path)
		case c.Kubeconfig != nil && !slices.Contains(paths[labs.ControlPlane], learnersKubeconfig):
			paths[labs.ControlPlane] = append(paths[labs.ControlPlane], learnersKubeconfig)
		}
	}
	for node, named := range paths {
		// An error but ctx's says that they cannot be watched: the learner's own request still works.
		watching.Go(func() { _ = o.target.WatchFiles(ctx, node, named, o.changed.give) })
	}
	return f, nil
}

// watch returns the watch of an object check, a new one unless the lab keeps it.
func (o *observation) watch(ctx context.Context, check labs.ObjectCheck, watching *sync.WaitGroup) (*watched, error) {
	if w := o.watched(check); w != nil {
		return w, nil
	}
	w, err := newWatched(check, o.changed.give)
	if err != nil {
		return nil, err
	}
	watching.Go(func() { w.follow(ctx, o.target) })
	return w, nil
}

// holds reports whether the step has passed, asking the cheapest first and nothing
// of the API server. It sets again.
func (f *following) holds(ctx context.Context) bool {
	f.again = 0
	return f.objectsHold() && f.filesHold(ctx) && f.scriptsHold(ctx)
}

func (f *following) objectsHold() bool {
	all := true
	for _, w := range f.watches {
		ok, missing := w.held()
		if !ok && missing == 0 {
			f.again = 0
			return false
		}
		all = all && ok
		f.again = max(f.again, missing)
	}
	return all
}

func (f *following) filesHold(ctx context.Context) bool {
	return f.hold(ctx, retryEvery, func(c labs.Check) bool { return c.File != nil || c.Kubeconfig != nil })
}

func (f *following) scriptsHold(ctx context.Context) bool {
	isScript := func(c labs.Check) bool { return c.Script != nil }
	if !slices.ContainsFunc(f.step.Checks, isScript) {
		return true
	}
	if wait := time.Until(f.scripted.Add(scriptEvery)); wait > 0 {
		f.again = wait
		return false
	}
	f.scripted = time.Now()
	if f.hold(ctx, scriptEvery, isScript) {
		return true
	}
	if f.again == 0 {
		f.again, f.rest = f.rest, min(2*f.rest, scriptRest)
	}
	return false
}

// hold reports whether the wanted checks hold now; one that cannot be asked is to
// be asked again after retry.
func (f *following) hold(ctx context.Context, retry time.Duration, wanted func(labs.Check) bool) bool {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	findings := make([]finding, len(f.step.Checks))
	f.judge.each(f.step.Checks, findings, wanted, func(c labs.Check) finding { return f.judge.quick(ctx, c) })
	for i, c := range f.step.Checks {
		if !wanted(c) || findings[i].verdict == labs.Passed {
			continue
		}
		if findings[i].verdict == labs.Errored {
			f.again = retry
		}
		return false
	}
	return true
}
