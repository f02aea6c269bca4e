package agent

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

// counter is a viewer that counts, over all its attachments.
type counter struct {
	client *Client
	at     Place
	input  []byte // all that it ever typed; at.Input of it is known to have been typed
	output bytes.Buffer
}

// come attaches where the counter stands, and types again what may be lost.
func (c *counter) come(t *testing.T) *Attachment {
	t.Helper()
	a, err := c.client.Attach(t.Context(), "main", Size{Cols: 80, Rows: 24}, &c.at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() }) // most are closed by then
	if c.at.Run != "" && !a.Place().Follows(c.at) {
		t.Fatalf("at %+v it was told %+v", c.at, a.Place())
	}
	c.at = a.Place()
	if err := a.WriteAt(c.input[c.at.Input:], c.at.Input); err != nil {
		t.Fatal(err)
	}
	return a
}

// types does so on an attachment that may be broken.
func (c *counter) types(a *Attachment, keys string) {
	at := int64(len(c.input))
	c.input = append(c.input, keys...)
	_ = a.WriteAt([]byte(keys), at) // what is lost is typed again by come
}

// sees takes output until ok or the end of the attachment, and reports which.
func (c *counter) sees(t *testing.T, a *Attachment, ok func() bool) bool {
	t.Helper()
	watchdog := time.AfterFunc(patience, func() { _ = a.Close() })
	defer watchdog.Stop()
	for !ok() {
		event, err := a.Next()
		if err != nil {
			return false
		}
		c.output.Write(event.Data)
		c.at.Output += int64(len(event.Data))
		if event.Kind == EventTyped {
			c.at.Input = event.Count
		}
	}
	return true
}

func (c *counter) saw(want string) func() bool {
	return func() bool { return strings.Contains(c.output.String(), want) }
}

func TestViewerThatCountsMissesNothingAndTypesNothingTwice(t *testing.T) {
	c := &counter{client: newClient(t, dialSocket(startAgent(t))), at: Place{Viewer: "one"}}
	a := c.come(t)
	c.types(a, "stty -echo; echo rea''dy; while read -r line; do echo \"[$line]\"; done\n")
	if !c.sees(t, a, c.saw("ready\r\n")) {
		t.Fatalf("saw %q", c.output.String())
	}
	from, want := c.output.Len(), ""
	for i := range 400 {
		line := fmt.Sprintf("line %d", i)
		want += "[" + line + "]\r\n"
		c.types(a, line+"\n")
		if i%13 == 5 {
			seen := c.at.Output
			c.sees(t, a, func() bool { return c.at.Output > seen })
			_ = a.Close()
			a = c.come(t)
		}
	}
	if !c.sees(t, a, c.saw("[line 399]\r\n")) || c.output.String()[from:] != want {
		t.Errorf("the lines came as %q", c.output.String()[from:])
	}
	if !c.sees(t, a, func() bool { return c.at.Input == int64(len(c.input)) }) {
		t.Errorf("of %d keys, %d were said to be typed", len(c.input), c.at.Input)
	}
}

func TestViewerThatCountsIsToldWhatItHasMissed(t *testing.T) {
	for _, row := range []struct {
		name, keys string
		run        bool // the same life of the shell goes on
	}{
		{"more output than the ring holds", "head -c 3000000 /dev/zero | tr '\\0' x; echo\n", true},
		{"another shell", "exit\n", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := &counter{client: newClient(t, dialSocket(startAgent(t))), at: Place{Viewer: "one"}}
			a := c.come(t)
			other := attach(t, c.client)
			c.types(a, "echo $HOME/\n")
			c.sees(t, a, c.saw("/\r\n"))
			_ = a.Close()
			typeIn(t, other, row.keys)
			if row.run {
				untilOutput(t, other, "x\r\n")
			} else {
				untilExit(t, other)
			}
			next, err := c.client.Attach(t.Context(), "main", Size{}, &c.at)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = next.Close() }()
			place := next.Place()
			if place.Follows(c.at) || (place.Run == c.at.Run) != row.run || (place.Input != 0) != row.run {
				t.Errorf("at %+v it was told %+v", c.at, place)
			}
			untilReady(t, next)
		})
	}
}

func TestInputsThatAreRememberedAreBounded(t *testing.T) {
	s := &shell{inputs: map[string]*input{}}
	for i := range 3 * inputsMax {
		s.inputLocked("stays").typed.Store(7)
		s.inputLocked(fmt.Sprint(i))
	}
	if len(s.inputs) != inputsMax || s.inputs["stays"].typed.Load() != 7 {
		t.Errorf("%d are remembered", len(s.inputs))
	}
}
