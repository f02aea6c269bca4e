package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/gorilla/websocket"
	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/terminal"
	"github.com/labstack/echo/v4"
)

const (
	defaultCols = 80
	defaultRows = 24
	maxSide     = 1000
	maxViewer   = 64 // characters of a viewer's name

	// ackProtocol is the websocket subprotocol of viewers that count; others need none.
	ackProtocol = "greenbox.ack.v1"
)

// GET /api/v1/sessions/{id}/terminals/{node}
func (s *Server) attachTerminal(c echo.Context, l labs.Learner) error {
	ctx, cancel := s.untilStopping(c.Request().Context())
	defer cancel()
	if !sameOrigin(c.Request()) {
		return &problem{code: codeOriginForeign}
	}
	shell, err := s.ownTerminal(ctx, l, c.Param("id"), c.Param("node"))
	if err != nil {
		return err
	}
	size, err := windowSize(c)
	if err != nil {
		return err
	}
	at, err := place(c)
	if err != nil {
		return err
	}
	s.streams.Add(1)
	defer s.streams.Done()
	conn, err := upgrade(c)
	if err != nil {
		return err
	}
	s.metrics.terminals.Inc()
	defer s.metrics.terminals.Dec()
	v := newViewer(conn, at != nil)
	defer v.hangUp()
	if err := shell.Attach(ctx, v, size, at); err != nil {
		s.Log.Info("terminal closed", "session", c.Param("id"), "node", c.Param("node"), "reason", err)
	}
	return nil
}

func (s *Server) ownTerminal(ctx context.Context, l labs.Learner, id, node string) (Terminal, error) {
	session, err := s.own(ctx, l, id)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(labs.Nodes(), node) {
		return nil, fmt.Errorf("node %q: %w", node, labs.ErrNotFound)
	}
	return s.Fleet.Shell(ctx, session.ID, node)
}

// upgrade answers the websocket's handshake; after that there is no HTTP left.
func upgrade(c echo.Context) (*websocket.Conn, error) {
	if !websocket.IsWebSocketUpgrade(c.Request()) {
		c.Response().Header().Set("Upgrade", "websocket")
		return nil, &problem{code: codeUpgradeNeeded}
	}
	up := websocket.Upgrader{
		CheckOrigin:  sameOrigin,
		Subprotocols: []string{ackProtocol},
		Error:        func(http.ResponseWriter, *http.Request, int, error) {}, // fail answers
	}
	conn, err := up.Upgrade(c.Response(), c.Request(), nil)
	if err != nil {
		return nil, &problem{code: codeUpgradeNeeded, note: err.Error(), cause: err}
	}
	c.Response().Status, c.Response().Committed = http.StatusSwitchingProtocols, true
	return conn, nil
}

// place is where a viewer that counts stands; nil where the client does not ask for
// the subprotocol.
func place(c echo.Context) (*terminal.Place, error) {
	if !slices.Contains(websocket.Subprotocols(c.Request()), ackProtocol) {
		return nil, nil //nolint:nilnil // there is no place, and nothing is wrong
	}
	at := &terminal.Place{Viewer: c.QueryParam("viewer"), Run: c.QueryParam("run")}
	var err error
	if text := c.QueryParam("output"); text != "" {
		at.Output, err = strconv.ParseInt(text, 10, 64)
	}
	if err != nil || at.Output < 0 || at.Viewer == "" || len(at.Viewer) > maxViewer || len(at.Run) > maxViewer {
		return nil, &problem{code: codePlaceInvalid}
	}
	return at, nil
}

func windowSize(c echo.Context) (terminal.Size, error) {
	cols, colsOK := side(c.QueryParam("cols"), defaultCols)
	rows, rowsOK := side(c.QueryParam("rows"), defaultRows)
	if !colsOK || !rowsOK {
		return terminal.Size{}, &problem{code: codeSizeInvalid}
	}
	return terminal.Size{Cols: cols, Rows: rows}, nil
}

func side(text string, missing uint16) (uint16, bool) {
	if text == "" {
		return missing, true
	}
	n, err := strconv.ParseUint(text, 10, 16)
	return uint16(n), err == nil && n >= 1 && n <= maxSide
}
