package web

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/labstack/echo/v4"
)

// GET /api/v1/sessions/{id}/archive
func (s *Server) showArchive(c echo.Context, l labs.Learner) error {
	session, err := s.own(c.Request().Context(), l, c.Param("id"))
	if err != nil {
		return err
	}
	file, err := s.Archives.OpenArchive(session.ID)
	if errors.Is(err, labs.ErrNotFound) {
		return &problem{code: codeArchiveMissing, cause: err}
	}
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // only read
	info, err := file.Stat()
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Type", "application/gzip")
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", "greenbox-"+session.LabID+"-"+session.ID+".tar.gz"))
	h.Set("Cache-Control", "private, no-cache")
	http.ServeContent(c.Response(), c.Request(), "", info.ModTime(), file)
	return nil
}

// archiveBody is what is kept of a session's work.
type archiveBody struct {
	State labs.ArchiveState `json:"state"`
	URL   *string           `json:"url"`
	Size  *int64            `json:"size"`
}

// archiveBody is null where nothing is kept.
func (s *Server) archiveBody(id string) *archiveBody {
	kept := s.Archives.Archive(id)
	switch kept.State {
	case labs.ArchiveSaving:
		return &archiveBody{State: kept.State}
	case labs.ArchiveSaved:
		url := "/api/v1/sessions/" + id + "/archive"
		return &archiveBody{kept.State, &url, &kept.Size}
	}
	return nil
}
