package archive_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/archive"
)

// endless repeats what it is.
type endless []byte

func (e endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		n += copy(p[n:], e)
	}
	return n, nil
}

func TestWhatANodeSendsIsNotBelieved(t *testing.T) {
	file := func(name string, size int64) *tar.Header { return &tar.Header{Name: name, Size: size} }
	large := tarOf(t, file("root/1", 1<<20))
	for _, c := range []struct {
		name    string
		sends   io.Reader
		want    []string // of the node
		missing bool
		says    string // in the README
	}{
		{"names cannot lead out of their folder", bytes.NewReader(whole(tarOf(t, file("../../../etc/cron.d/x", 1), file("/root/abs", 1), file("root/../..", 0), file("root/./a//b", 1)))),
			[]string{"etc/cron.d/x", "root/a/b", "root/abs"}, false, ""},
		{"names cannot work a terminal", bytes.NewReader(whole(tarOf(t, file("root/\x1b[2Ja\n", 1), file("root/\xff", 1), file(`root\..\x`, 1)))),
			[]string{"root/_", "root/_[2Ja_", "root_.._x"}, false, ""},
		{"only regular files are taken", bytes.NewReader(whole(tarOf(t,
			&tar.Header{Name: "root/link", Typeflag: tar.TypeSymlink, Linkname: "/etc/shadow"}, &tar.Header{Name: "root/hard", Typeflag: tar.TypeLink, Linkname: "/etc/shadow"},
			&tar.Header{Name: "dev/sda", Typeflag: tar.TypeBlock}, &tar.Header{Name: "root/fifo", Typeflag: tar.TypeFifo}, &tar.Header{Name: "root/dir/", Typeflag: tar.TypeDir},
			file("root/file", 1)))), []string{"root/file"}, false, ""},
		{"a file that comes twice is taken once", bytes.NewReader(whole(tarOf(t, file("root/x", 1), file("root/x", 2)))), []string{"root/x"}, false, ""},
		{"a file that is too large is left out", bytes.NewReader(whole(tarOf(t, file("root/x", 1<<20+1), file("root/y", 1)))), []string{"root/y"}, false, ""},
		{"files without end come to one", endless(large[:len(large)-1024]), []string{"root/1"}, false, "some files of controlplane: together they have more than 20 MiB"},
		{"something else without end does, too", endless("garbage "), nil, true, "the cluster no longer gave controlplane"},
		{"zeros without end are no files", endless(make([]byte, 512)), nil, true, ""},
		{"files that are cut are missing", bytes.NewReader(tarOf(t, file("root/x", 9000))[:4096]), nil, true, ""},
		{"so are files that may not be all", bytes.NewReader(tarOf(t, file("root/x", 1))), []string{"root/x"}, true, ""},
		{"nothing at all is missing", bytes.NewReader(nil), nil, true, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, _ := newArchives(t)
			w := work(reach{nodes: nodes{
				labs.ControlPlane: func(context.Context, []string) (io.Reader, error) { return c.sends, nil },
				labs.Worker:       says(whole(tarOf(t))),
			}, api: server(t, nil)})
			err := a.Collect(t.Context(), w)
			if incomplete := (*archive.IncompleteError)(nil); errors.As(err, &incomplete) != c.missing || !c.missing && err != nil {
				t.Fatalf("got %v", err)
			}
			if c.missing {
				must(t, a.Settle("s1"))
			}
			found := content(t, a, "s1")
			var got []string
			for _, name := range names(found) {
				if name, ok := strings.CutPrefix(name, "controlplane/"); ok {
					got = append(got, name)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error("(-want +got):\n" + diff)
			}
			if !strings.Contains(found["README.txt"], c.says) {
				t.Error(found["README.txt"])
			}
		})
	}
}

func TestANodeThatHangsIsGivenUp(t *testing.T) {
	a, _ := newArchives(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	hangs, _ := io.Pipe()
	w := work(reach{nodes: nodes{
		labs.ControlPlane: func(context.Context, []string) (io.Reader, error) { return hangs, nil }, labs.Worker: silent,
	}, api: server(t, nil)})
	if err := a.Collect(ctx, w); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestWhatAnAPIServerSendsIsNotBelieved(t *testing.T) {
	elsewhere := server(t, map[string]string{"/api/v1/pods": object("Pod", "shop", "secret", "")})
	for _, c := range []struct {
		name    string
		lists   map[string]string
		want    []string
		missing bool
		says    string // in the README
	}{
		{"names cannot lead out of their folder", map[string]string{"/api/v1/pods": object("Pod", "../..", "../../x", "") + "," + object("../Pod", "a", ".", "")},
			[]string{"objects/namespace-_.._../pod-.._.._x.yaml", "objects/namespace-a/_.._pod-..yaml"}, false, ""},
		{"it cannot send elsewhere", map[string]string{"/api/v1/pods": elsewhere + "/api/v1/pods"}, nil, true, "no longer gave objects"},
		{"a kind that it cannot list is left out, and said", map[string]string{"/api/v1/pods": "!broken\x1b", "/api/v1/services": object("Service", "shop", "web", "")},
			[]string{"objects/namespace-shop/service-web.yaml"}, false, "pods: an error on the server"},
		{"it cannot send too much", map[string]string{"/api/v1/pods": strings.Repeat(" ", 33<<20)}, nil, true, "no longer gave objects"},
		{"nor something else", map[string]string{"/api/v1/pods": "?"}, nil, true, "no longer gave objects"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, _ := newArchives(t)
			w := work(reach{nodes: nodes{labs.ControlPlane: says(whole(tarOf(t))), labs.Worker: says(whole(tarOf(t)))}, api: server(t, c.lists)})
			err := a.Collect(t.Context(), w)
			if incomplete := (*archive.IncompleteError)(nil); errors.As(err, &incomplete) != c.missing || !c.missing && err != nil {
				t.Fatalf("got %v", err)
			}
			if c.missing {
				must(t, a.Settle("s1"))
			}
			found := content(t, a, "s1")
			var got []string
			for _, name := range names(found) {
				if strings.HasPrefix(name, "objects/") {
					got = append(got, name)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error("(-want +got):\n" + diff)
			}
			if !strings.Contains(found["README.txt"], c.says) {
				t.Error(found["README.txt"])
			}
		})
	}
}

func TestTheBestIsSettledFor(t *testing.T) {
	a, dir := newArchives(t)
	full := whole(tarOf(t, &tar.Header{Name: "root/mine", Size: 1000}))
	for _, try := range []nodes{
		{labs.ControlPlane: says(full), labs.Worker: silent},
		{labs.ControlPlane: silent, labs.Worker: says(whole(tarOf(t)))},
		{labs.ControlPlane: silent, labs.Worker: silent},
	} {
		if err := a.Collect(t.Context(), work(reach{nodes: try, api: "http://127.0.0.1:1"})); err == nil {
			t.Fatal("nothing was missing")
		}
		if _, err := a.Size("s1"); !errors.Is(err, labs.ErrNotFound) {
			t.Fatalf("it is there before it was settled for: %v", err)
		}
	}
	must(t, a.Settle("s1"))
	found := content(t, a, "s1")
	if found["controlplane/root/mine"] == "" || !strings.Contains(found["summary.json"], `"complete": false`) {
		t.Errorf("settled for %v", names(found))
	}
	if got := files(t, dir); len(got) != 1 {
		t.Errorf("the folder has %v", got)
	}
}

func TestNothingIsNotSettledFor(t *testing.T) {
	a, dir := newArchives(t)
	nothing := work(reach{nodes: nodes{labs.ControlPlane: silent, labs.Worker: silent}, api: "http://127.0.0.1:1"})
	if err := a.Collect(t.Context(), nothing); err == nil {
		t.Error("nothing was missing")
	}
	if err := a.Settle("s1"); !errors.Is(err, labs.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if got := files(t, dir); len(got) != 0 {
		t.Errorf("the folder has %v", got)
	}
}
