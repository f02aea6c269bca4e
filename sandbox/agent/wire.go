package agent

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// greeting opens the byte stream on both sides, the client's first. It changes
// with every change of the wire that an older side would take for something else;
// a kind of request that an agent does not know it refuses.
const greeting = "greenbox-agent 2"

// greetingMax bounds what is read while looking for the greeting: whatever else
// answers in the agent's place is quoted up to here.
const greetingMax = 200

func sendGreeting(w io.Writer) error {
	_, err := io.WriteString(w, greeting+"\n")
	return err
}

// readGreeting reads one line byte by byte, for what follows is not ours to take.
func readGreeting(r io.Reader) error {
	var line strings.Builder
	for one := make([]byte, 1); line.Len() < greetingMax; {
		if _, err := io.ReadFull(r, one); err != nil {
			if line.Len() == 0 {
				return err
			}
			break
		}
		if one[0] == '\n' {
			break
		}
		line.WriteByte(one[0])
	}
	if line.String() != greeting {
		return fmt.Errorf("the other side says %q instead of %q", line.String(), greeting)
	}
	return nil
}

// request opens a stream: exactly one field is set. The answer is a response;
// after it an attach stream carries frames, both ways, a readFile stream the file's
// bytes, a watch stream a frame for each change until the caller closes it, and a
// run stream the script, then a second response and the script's output.
type request struct {
	Attach   *attachRequest   `json:"attach,omitempty"`
	ReadFile *readFileRequest `json:"readFile,omitempty"`
	Watch    *watchRequest    `json:"watch,omitempty"`
	Run      *runRequest      `json:"run,omitempty"`
}

type attachRequest struct {
	Shell string `json:"shell"`
	Size  Size   `json:"size"`
	At    *Place `json:"at,omitempty"` // of a viewer that counts
}

type readFileRequest struct {
	Path  string `json:"path"`
	Limit int64  `json:"limit"`
}

type watchRequest struct {
	Paths []string `json:"paths"`
}

type runRequest struct {
	Size int64 `json:"size"` // bytes of the script
}

type response struct {
	Error    *remoteError `json:"error,omitempty"`
	Size     int64        `json:"size,omitempty"` // bytes of the file or the output that follow
	ExitCode int          `json:"exitCode,omitempty"`
	At       *Place       `json:"at,omitempty"` // where an attachment of a viewer that counts begins
}

// remoteError is an error of the agent's as the client sees it; Kind survives
// the wire, so errors.Is works on both sides.
type remoteError struct {
	Kind    string `json:"kind,omitempty"`
	Message string `json:"message"`
}

// errorKinds are the errors that a caller may ask for.
func errorKinds() map[string]error {
	return map[string]error{"not-exist": fs.ErrNotExist, "not-regular": ErrNotRegular, "too-large": ErrTooLarge}
}

func newRemoteError(err error) *remoteError {
	for kind, target := range errorKinds() {
		if errors.Is(err, target) {
			return &remoteError{Kind: kind, Message: err.Error()}
		}
	}
	return &remoteError{Message: err.Error()}
}

func (e *remoteError) Error() string { return e.Message }
func (e *remoteError) Unwrap() error { return errorKinds()[e.Kind] }

// messageMax bounds a request or response.
const messageMax = 64 << 10

// writeMessage writes v as JSON behind its length.
func writeMessage(w io.Writer, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	head := binary.BigEndian.AppendUint32(nil, uint32(len(body))) //nolint:gosec // G115: requests are small
	_, err = w.Write(append(head, body...))
	return err
}

func readMessage(r io.Reader, v any) error {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > messageMax {
		return fmt.Errorf("a message of %d bytes is longer than allowed", n)
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(r, body); err != nil {
		return err
	}
	return json.Unmarshal(body, v)
}
