package archive

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	_ "embed" // the script
	"errors"
	"fmt"
	"io"
	"strings"
)

//go:embed node.sh
var script string

const (
	maxStream = 2 * maxFiles // bytes read of a node, whatever they are

	beganFile   = "var/lib/greenbox-start/objects" // on controlplane; package sandbox/restore writes it
	historyFile = "root/.bash_history"
)

// errCut says that a node's files came to an end too early.
var errCut = errors.New("not all files came")

// node writes what the learner wrote on a node.
func (c *collection) node(ctx context.Context, node string) error {
	argv := []string{"timeout", "--kill-after=1", fmt.Sprint(partTimeout.Seconds()), "bash", "-c", script}
	stream, err := c.work.Reach.Dial(ctx, node, argv)
	if err != nil {
		return err
	}
	defer func() { _ = stream.Close() }() // read to its end, or broken
	defer context.AfterFunc(ctx, func() { _ = stream.Close() })()
	in := bufio.NewReader(io.LimitReader(stream, maxStream))
	files := tar.NewReader(in)
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return wholly(in)
		}
		if err != nil {
			return errors.Join(err, ctx.Err())
		}
		if header.Typeflag != tar.TypeReg || header.Size > maxFile {
			continue
		}
		if int64(c.room) < header.Size {
			c.leave("some files of %s: together they have more than %d MiB", node, maxFiles>>20)
			return nil
		}
		content, err := io.ReadAll(files)
		if err != nil {
			return errors.Join(err, ctx.Err())
		}
		if err := c.file(node, header, content); err != nil {
			return err
		}
	}
}

// file writes one file of a node, or notes what it says of the beginning.
func (c *collection) file(node string, header *tar.Header, content []byte) error {
	name := within(header.Name)
	switch name {
	case "":
		return nil
	case beganFile:
		c.note(content)
		return nil
	case historyFile:
		return c.put(node+"/history.txt", 0o600, header.ModTime, content)
	}
	c.room -= len(content)
	return c.put(node+"/"+name, 0o600|header.Mode&0o700, header.ModTime, content)
}

// wholly reads what follows the files: a node says at last that they are all.
func wholly(in io.Reader) error {
	rest, err := io.ReadAll(io.LimitReader(in, 64<<10))
	if err != nil {
		return err
	}
	if !bytes.HasSuffix(rest, []byte("whole\n")) {
		return errCut
	}
	return nil
}

// note reads the lines that tell which objects there were at the beginning: where
// they are listed, kind, namespace or -, name, and kind of the owner.
func (c *collection) note(lines []byte) {
	for line := range strings.Lines(string(lines)) {
		if f := strings.Fields(line); len(f) == 5 {
			c.began[key(f[1], strings.TrimPrefix(f[2], "-"), f[3])] = true
		}
	}
}

func key(kind, namespace, name string) string { return kind + " " + namespace + " " + name }
