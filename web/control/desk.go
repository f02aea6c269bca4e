package control

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"golang.org/x/sync/errgroup"
)

// Store has the sessions' rows.
type Store interface {
	OpenSessions(ctx context.Context) ([]labs.Session, error)
	Spares(ctx context.Context) ([]labs.Spare, error)
	// SessionOn returns the session that has or had a cluster, or labs.ErrNotFound.
	SessionOn(ctx context.Context, cluster string) (labs.Session, error)
	Learner(ctx context.Context, id string) (labs.Learner, error)
}

// Machine has the clusters.
type Machine interface {
	List(ctx context.Context) ([]cluster.Cluster, error)
	Delete(ctx context.Context, name string) error
	cluster.Inspector
}

// Desk is an Operator. All of its fields are needed.
type Desk struct {
	Store   Store
	Machine Machine
	// End ends a session; its cluster may be removed later.
	End func(ctx context.Context, session string) error
	// Holds reports whether somebody still works with a cluster that no open session has.
	Holds func(name string) bool
	// Saved reports whether what the learner made in an ended session is saved.
	Saved func(session string) bool
}

// atOnce is how many clusters are asked or removed at once.
const atOnce = 8

// Clusters implements Operator.
func (d Desk) Clusters(ctx context.Context, measured bool) ([]Cluster, error) {
	found, err := d.Machine.List(ctx)
	if err != nil {
		return nil, err
	}
	has, err := d.owners(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Cluster, len(found))
	asking, ctx := errgroup.WithContext(ctx)
	asking.SetLimit(atOnce)
	for i, c := range found {
		asking.Go(func() (err error) {
			out[i], err = d.look(ctx, c, has, measured)
			return err
		})
	}
	if err := asking.Wait(); err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b Cluster) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.Name, b.Name))
	})
	return out, nil
}

// owners are who the rows say that clusters are of, by the clusters' names.
type owners struct {
	sessions map[string]labs.Session
	spares   map[string]labs.Spare
}

// owners reads the sessions last: a spare that is taken becomes a session's.
func (d Desk) owners(ctx context.Context) (owners, error) {
	has := owners{map[string]labs.Session{}, map[string]labs.Spare{}}
	spares, err := d.Store.Spares(ctx)
	if err != nil {
		return has, err
	}
	sessions, err := d.Store.OpenSessions(ctx)
	if err != nil {
		return has, err
	}
	for _, s := range spares {
		has.spares[s.Cluster] = s
	}
	for _, s := range sessions {
		if s.Cluster != "" {
			has.sessions[s.Cluster] = s
		}
	}
	return has, nil
}

// of is whom a cluster belongs to.
func (o owners) of(cluster string) Owner {
	if _, ok := o.sessions[cluster]; ok {
		return OfSession
	}
	if _, ok := o.spares[cluster]; ok {
		return OfPool
	}
	return OfNobody
}

// starting reports whether the rows say that a cluster is being made or set up.
func (o owners) starting(cluster string) bool {
	spare, ok := o.spares[cluster]
	return ok && !spare.Whole || o.sessions[cluster].State == labs.Preparing
}

// look joins a cluster with its session and its nodes.
func (d Desk) look(ctx context.Context, c cluster.Cluster, has owners, measured bool) (Cluster, error) {
	out := Cluster{
		Name: c.Name, Session: c.Labels.Session, Learner: c.Labels.Learner, Lab: c.Labels.Lab, Owner: has.of(c.Name), Created: c.Created,
	}
	switch out.Owner {
	case OfSession:
		s := has.sessions[c.Name]
		out.Session, out.Learner, out.Lab, out.Expires, out.At = s.ID, s.LearnerID, s.LabID, s.ExpiresAt, s.State
	case OfPool:
		out.Lab = has.spares[c.Name].LabID
	case OfNobody:
	}
	var err error
	if out.Learner, err = d.nameOf(ctx, out.Learner); err != nil {
		return Cluster{}, err
	}
	nodes, err := d.Machine.Nodes(ctx, c.Name)
	if err != nil {
		return Cluster{}, err
	}
	out.State = stateOf(nodes)
	if has.starting(c.Name) {
		out.State = Starting
	}
	out.Nodes, err = d.measure(ctx, c.Name, nodes, measured)
	return out, err
}

// nameOf is a learner's name, or the id of one that is gone.
func (d Desk) nameOf(ctx context.Context, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	l, err := d.Store.Learner(ctx, id)
	if err != nil && !errors.Is(err, labs.ErrNotFound) {
		return "", err
	}
	return cmp.Or(l.Name, id), nil
}

func (d Desk) measure(ctx context.Context, name string, nodes []cluster.Node, measured bool) ([]NodeStatus, error) {
	out := make([]NodeStatus, len(nodes))
	measuring, ctx := errgroup.WithContext(ctx)
	for i, n := range nodes {
		out[i].Node = n
		if !measured {
			continue
		}
		measuring.Go(func() error {
			u, err := d.Machine.Usage(ctx, name, n.Name)
			out[i].Usage = &u
			return err
		})
	}
	return out, measuring.Wait()
}

// stateOf is what a cluster with these nodes does.
func stateOf(nodes []cluster.Node) State {
	count := map[cluster.NodeState]int{}
	for _, n := range nodes {
		count[n.State]++
	}
	switch {
	case len(nodes) < len(labs.Nodes()):
		return Broken
	case count[cluster.NodeStopped] > 0:
		return Stopped
	case count[cluster.NodePaused] > 0:
		return Paused
	}
	return Running
}

// How long Remove waits for a cluster to be gone, and how often it looks.
const (
	goneTimeout = 90 * time.Second
	goneEvery   = 200 * time.Millisecond
)

// Remove implements Operator.
func (d Desk) Remove(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, goneTimeout)
	defer cancel()
	sessions, err := d.Store.OpenSessions(ctx)
	if err != nil {
		return err
	}
	for _, s := range sessions {
		if s.ID != name && (s.Cluster != name || name == "") {
			continue
		}
		if err := d.End(ctx, s.ID); err != nil {
			return fmt.Errorf("end session %s: %w", s.ID, err)
		}
		return d.awaitGone(ctx, s.Cluster)
	}
	exists, err := d.exists(ctx, name)
	if err == nil && !exists {
		err = fmt.Errorf("cluster or open session %q: %w", name, labs.ErrNotFound)
	}
	if err != nil {
		return err
	}
	waits, err := d.hasWork(ctx, name)
	switch {
	case err != nil:
		return err
	case !waits:
		return d.Machine.Delete(ctx, name)
	case d.Holds(name):
		return d.awaitGone(ctx, name)
	}
	return fmt.Errorf("what the learner made on %s is not saved yet: a running server saves it, and then removes the cluster", name)
}

func (d Desk) exists(ctx context.Context, name string) (bool, error) {
	found, err := d.Machine.List(ctx)
	return slices.ContainsFunc(found, func(c cluster.Cluster) bool { return c.Name == name }), err
}

// awaitGone waits until whoever ended a session has removed its cluster.
func (d Desk) awaitGone(ctx context.Context, name string) error {
	for {
		exists, err := d.exists(ctx, name)
		if err == nil && !exists {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the session has ended; its cluster %s is not gone yet, and the server goes on removing it: %w", name, errors.Join(ctx.Err(), err))
		case <-time.After(goneEvery):
		}
	}
}
