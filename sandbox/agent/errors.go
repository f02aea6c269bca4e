package agent

import "errors"

var (
	// ErrBroken says that the stream to the agent broke or could not be opened.
	// The next call dials again.
	ErrBroken = errors.New("the connection to the node's agent broke")
	// ErrTooSlow ends an attachment that was overtaken by the shell's output.
	ErrTooSlow = errors.New("the viewer fell too far behind the shell's output")
	// ErrNotRegular says that a path is a directory, a device or the like.
	ErrNotRegular = errors.New("not a regular file")
	// ErrTooLarge says that a file is longer than the limit.
	ErrTooLarge = errors.New("the file is larger than allowed")
)
