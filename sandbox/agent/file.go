package agent

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// fileMax bounds what is held in memory for one request, whatever its limit.
const fileMax = 16 << 20

// serveFile answers with the size of the file and its bytes. An error is the
// answer still to be given.
func serveFile(w io.Writer, req readFileRequest) error {
	data, err := readRegular(req.Path, min(req.Limit, fileMax))
	if err != nil {
		return err
	}
	if err := writeMessage(w, response{Size: int64(len(data))}); err == nil {
		_, _ = w.Write(data) // the caller may have left
	}
	return nil
}

// readRegular follows symbolic links, as kubelet does, and never blocks on what
// is not a file: a FIFO is opened without waiting for its writer.
func readRegular(path string, limit int64) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) //nolint:gosec // G304: the server may read every file of the node
	if err != nil {
		return nil, whyNotOpen(err)
	}
	defer func() { _ = file.Close() }() // only read
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: %s (%s)", ErrNotRegular, path, info.Mode().Type())
	}
	data, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%w: %s has more than %d bytes", ErrTooLarge, path, limit)
	}
	return data, nil
}

// whyNotOpen names what the kernel says of a path below a file, of a socket, and
// of links in a circle.
func whyNotOpen(err error) error {
	switch {
	case errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	case errors.Is(err, syscall.ENXIO), errors.Is(err, syscall.ELOOP):
		return fmt.Errorf("%w: %w", ErrNotRegular, err)
	}
	return err
}
