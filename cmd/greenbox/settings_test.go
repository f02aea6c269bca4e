package main

import (
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

func TestSettingsThatCannotServe(t *testing.T) {
	for name, row := range map[string]struct {
		args []string
		want string // part of the error, or "" when all is well
	}{
		"the defaults serve":                             {nil, ""},
		"another loopback port serves":                   {[]string{"--addr", "localhost:9000"}, ""},
		"an address without a port is refused":           {[]string{"--addr", "127.0.0.1"}, "missing port"},
		"a named port is refused":                        {[]string{"--addr", "127.0.0.1:http"}, "not a number"},
		"a port of the system's choice is refused":       {[]string{"--addr", "127.0.0.1:0"}, "give a port"},
		"a log in an unknown format is refused":          {[]string{"--log", "xml"}, "text or json"},
		"a log in JSON serves":                           {[]string{"--log", "json"}, ""},
		"all interfaces need --expose":                   {[]string{"--addr", ":8080"}, "--expose"},
		"an exposed server is not for one learner":       {[]string{"--addr", "0.0.0.0:8080", "--expose"}, "--solo=false"},
		"an exposed server for many serves":              {[]string{"--addr", "0.0.0.0:8080", "--expose", "--solo=false"}, ""},
		"a public range of subnets is refused":           {[]string{"--subnets", "8.0.0.0/8"}, "private"},
		"what is no range is refused":                    {[]string{"--subnets", "ten"}, "--subnets"},
		"no session at all is refused":                   {[]string{"--sessions-per-learner", "0"}, "at least 1"},
		"a lifetime too short to do anything is refused": {[]string{"--lifetime", "5s"}, "at least 1m"},
		"a lifetime beyond the longest is refused":       {[]string{"--lifetime", "13h"}, "--max-lifetime"},
		"an extension by nothing is refused":             {[]string{"--extension", "0s"}, "--extension"},
		"a pause after no time is refused":               {[]string{"--idle-pause", "5ms"}, "--idle-pause"},
		"never pausing serves":                           {[]string{"--idle-pause", "0"}, ""},
		"starting none at once is refused":               {[]string{"--parallel-starts", "0"}, "at least 1"},
		"fewer clusters than none are refused":           {[]string{"--max-clusters", "-1"}, "at least 0"},
	} {
		t.Run(name, func(t *testing.T) {
			var s settings
			flags := pflag.NewFlagSet("serve", pflag.ContinueOnError)
			s.flags(flags)
			if err := flags.Parse(row.args); err != nil {
				t.Fatal(err)
			}
			_, _, err := s.check()
			if (err == nil) != (row.want == "") || err != nil && !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want %q", err, row.want)
			}
		})
	}
}

func TestEnvironmentGivesTheFlagsTheirDefaults(t *testing.T) {
	t.Setenv("GREENBOX_ADDR", ":1")
	t.Setenv("GREENBOX_SESSIONS_PER_LEARNER", "many")
	for name, row := range map[string]struct {
		args []string
		want string
	}{
		"a variable that does not fit is named": {[]string{"serve"}, "GREENBOX_SESSIONS_PER_LEARNER"},
		"a variable counts as the flag would":   {[]string{"serve", "--sessions-per-learner", "2"}, "--expose"},
		"a flag wins over the variable":         {[]string{"serve", "--sessions-per-learner", "0", "--addr", "127.0.0.1:1"}, "at least 1"},
	} {
		t.Run(name, func(t *testing.T) {
			c := root()
			c.SetArgs(row.args)
			if err := c.ExecuteContext(t.Context()); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want %q", err, row.want)
			}
		})
	}
}
