package grade

import (
	"context"
	"errors"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"
)

// How soon a broken watch is tried again.
const (
	soonest = 200 * time.Millisecond
	latest  = 5 * time.Second
)

var errClosed = errors.New("the API server ended the watch")

// follower is one watch's place in the history of its objects.
type follower struct {
	*watched
	target   Target
	resource dynamic.ResourceInterface // nil: connect first
	version  string                    // the last we have seen; empty: list first
}

// follow keeps w up to date until ctx ends: it lists, then watches from there,
// and goes on after a break from the last version it saw, or lists again where
// the server does not have that any more.
func (w *watched) follow(ctx context.Context, target Target) {
	f := follower{watched: w, target: target}
	delay := soonest
	for ctx.Err() == nil {
		started := time.Now()
		err := f.advance(ctx)
		if err == nil {
			continue
		}
		if !meta.IsNoMatchError(err) {
			f.interrupted(err)
		}
		f.resource = nil
		if time.Since(started) > latest {
			delay = soonest
		}
		if !pause(ctx, delay) {
			return
		}
		delay = min(2*delay, latest)
	}
}

// advance takes the next step: connect, list or watch.
func (f *follower) advance(ctx context.Context) error {
	if f.resource == nil {
		return f.connect(ctx)
	}
	if f.version == "" {
		return f.list(ctx)
	}
	return f.watch(ctx)
}

// connect finds the resource. A kind that the cluster does not have, or not yet,
// has no objects: that much is known, and asked for again.
func (f *follower) connect(ctx context.Context) error {
	server, err := connect(ctx, f.target)
	if err != nil {
		return err
	}
	f.resource, err = server.resource(ctx, f.condition.check)
	if meta.IsNoMatchError(err) && !f.look().live {
		f.replace(ctx, nil)
		f.connected(ctx)
	}
	return err
}

func (f *follower) list(ctx context.Context) error {
	list, err := f.resource.List(ctx, which(f.condition.check))
	if err != nil {
		return err
	}
	f.replace(ctx, list.Items)
	f.version = list.GetResourceVersion()
	return nil
}

// watch follows events until the stream ends.
func (f *follower) watch(ctx context.Context) error {
	options := which(f.condition.check)
	options.ResourceVersion = f.version
	options.AllowWatchBookmarks = true
	stream, err := f.resource.Watch(ctx, options)
	if err != nil {
		f.restartOn(err)
		return err
	}
	defer stream.Stop()
	f.connected(ctx)
	for event := range stream.ResultChan() {
		if event.Type == watch.Error {
			err := apierrors.FromObject(event.Object)
			f.restartOn(err)
			return err
		}
		o, ok := event.Object.(*unstructured.Unstructured)
		if !ok {
			f.version = ""
			return errClosed
		}
		f.version = o.GetResourceVersion()
		if event.Type != watch.Bookmark {
			f.apply(ctx, event.Type, *o)
		}
	}
	return errClosed
}

// restartOn gives the place up when the server refuses it; after a broken
// connection it is still good.
func (f *follower) restartOn(err error) {
	if status := apierrors.APIStatus(nil); errors.As(err, &status) {
		f.version = ""
	}
}
