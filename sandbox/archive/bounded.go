package archive

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/util/net"
	"k8s.io/client-go/rest"
)

// maxAnswers is how much is read of an API server in all. A learner may have put
// anything in its place.
const maxAnswers = 32 << 20

var errTooMuch = errors.New("the API server sends more than is read of it")

// bounded is a configuration whose clients read so much and no more, and go
// nowhere else.
func bounded(config *rest.Config) *rest.Config {
	config = rest.CopyConfig(config)
	config.Timeout = partTimeout
	config.QPS, config.Burst = 100, 200
	config.DisableCompression = true
	config.WarningHandler = rest.NoWarnings{}
	room := new(atomic.Int64)
	room.Store(maxAnswers)
	config.Wrap(func(next http.RoundTripper) http.RoundTripper { return &transport{next, room} })
	return config
}

type transport struct {
	next http.RoundTripper
	room *atomic.Int64
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode/100 == 3 {
		_ = answer.Body.Close() // it is not read
		return nil, fmt.Errorf("the API server sends elsewhere: %s", answer.Status)
	}
	answer.Body = &body{answer.Body, t.room}
	return answer, nil
}

// CloseIdleConnections lets http.Client close them.
func (t *transport) CloseIdleConnections() { net.CloseIdleConnectionsFor(t.next) }

type body struct {
	io.ReadCloser
	room *atomic.Int64
}

// Read fails once all answers together are too much.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.room.Add(-int64(n)) < 0 {
		return 0, errTooMuch
	}
	return n, err
}
