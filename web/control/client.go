package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"syscall"

	"github.com/greenbox-lab/greenbox/labs"
)

// Client is the Operator of a running server. Connect makes one; the caller closes it.
type Client struct {
	http http.Client
}

// Connect finds the server of a data folder. The error is ErrNoServer when none runs.
func Connect(ctx context.Context, data string) (*Client, error) {
	path, err := Path(data)
	if err != nil {
		return nil, err
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}
	conn, err := dial(ctx, "", "")
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return nil, ErrNoServer
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%s is closed to this user: run the command as the user that the server runs as", path)
	case err != nil:
		return nil, err
	}
	_ = conn.Close() // nothing was written to it
	return &Client{http: http.Client{Transport: &http.Transport{DialContext: dial}}}, nil
}

// Close gives up idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Clusters implements Operator.
func (c *Client) Clusters(ctx context.Context, measured bool) ([]Cluster, error) {
	return ask[[]Cluster](ctx, c, http.MethodGet, "/clusters?measured="+strconv.FormatBool(measured))
}

// Remove implements Operator.
func (c *Client) Remove(ctx context.Context, name string) error {
	_, err := ask[struct{}](ctx, c, http.MethodDelete, "/clusters/"+url.PathEscape(name))
	return err
}

// Sweep implements Operator.
func (c *Client) Sweep(ctx context.Context, dry bool) ([]Swept, error) {
	return ask[[]Swept](ctx, c, http.MethodPost, "/sweep?dry="+strconv.FormatBool(dry))
}

// remote is an error that the server answered with.
type remote struct {
	text string
	kind error // that it is, or nil
}

// Error is what the server said.
func (e remote) Error() string { return e.text }

// Unwrap lets callers tell what is missing from what failed.
func (e remote) Unwrap() error { return e.kind }

// ask makes a request and decodes its answer.
func ask[T any](ctx context.Context, c *Client, method, path string) (got T, err error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://control"+path, nil)
	if err != nil {
		return got, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return got, fmt.Errorf("ask the server: %w", err)
	}
	defer resp.Body.Close()
	read := json.NewDecoder(resp.Body)
	if resp.StatusCode == http.StatusOK {
		err = read.Decode(&got)
		return got, err
	}
	var f failure
	if err := read.Decode(&f); err != nil {
		return got, fmt.Errorf("the server answered %s, which this greenbox does not understand: are both of one version?", resp.Status)
	}
	e := remote{text: f.Error}
	if resp.StatusCode == http.StatusNotFound {
		e.kind = labs.ErrNotFound
	}
	return got, e
}
