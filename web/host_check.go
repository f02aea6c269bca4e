package web

import (
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
)

// checkHost answers 421 unless the Host is loopback with our port, or named by
// the operator.
func (s *Server) checkHost(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !s.ourHost(c.Request().Host) {
			return &problem{code: codeHostUnknown}
		}
		return next(c)
	}
}

func (s *Server) ourHost(hostport string) bool {
	name, port := splitHost(hostport)
	if loopback(name) && port == strconv.Itoa(s.Port) {
		return true
	}
	for _, h := range s.Hosts {
		allowed, allowedPort, err := net.SplitHostPort(h)
		if err != nil {
			allowed, allowedPort = strings.Trim(h, "[]"), port
		}
		if strings.EqualFold(allowed, name) && allowedPort == port {
			return true
		}
	}
	return false
}

// splitHost returns the name and the port of a Host header; without a port it is 80.
func splitHost(hostport string) (name, port string) {
	name, port, err := net.SplitHostPort(hostport)
	if err != nil {
		return strings.Trim(hostport, "[]"), "80"
	}
	return name, port
}

func loopback(name string) bool {
	if strings.EqualFold(name, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(name)
	return err == nil && addr.IsLoopback()
}

// refuseForeign answers 403 for an unsafe request that a page of another origin
// made. A Bearer token cannot be sent by one, since we allow no CORS.
func refuseForeign(next echo.HandlerFunc) echo.HandlerFunc {
	var protection http.CrossOriginProtection
	return func(c echo.Context) error {
		if _, ok := bearer(c.Request()); ok {
			return next(c)
		}
		if err := protection.Check(c.Request()); err != nil {
			return &problem{code: codeOriginForeign, cause: err}
		}
		return next(c)
	}
}

// sameOrigin reports whether the Origin header is there and names the Host.
// Either scheme will do: a proxy in front may speak TLS.
func sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return strings.EqualFold(origin, "http://"+r.Host) || strings.EqualFold(origin, "https://"+r.Host)
}
