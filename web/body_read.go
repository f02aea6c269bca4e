package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"
)

// readBody decodes the request's JSON object; no body counts as an empty one.
// Members that are not known here are ignored, the content type is not looked at.
func readBody(c echo.Context, into any) error {
	data, err := io.ReadAll(c.Request().Body)
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return err
	}
	if err != nil {
		return &problem{code: codeBodyInvalid, note: "the body ended early", cause: err}
	}
	if len(data) == 0 {
		return nil
	}
	if err := json.Unmarshal(data, into); err != nil {
		return &problem{code: codeBodyInvalid, note: unreadable(err), cause: err}
	}
	return nil
}

// unreadable says what is wrong with a body, without the names of our types.
func unreadable(err error) string {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return err.Error()
	}
	if wrong.Field == "" {
		return "it is of the type " + wrong.Value
	}
	return fmt.Sprintf("%s is of the type %s, not %s", wrong.Field, wrong.Value, wrong.Type)
}
