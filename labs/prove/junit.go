package prove

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// The parts of JUnit's XML that CI systems read.
type (
	junitRun struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Time     string      `xml:"time,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		Time    string        `xml:"time,attr"`
		Failure *junitFailure `xml:"failure"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes the results as JUnit XML: a suite a lab, a case a scenario.
func (r *Report) JUnit(to io.Writer) error {
	run := junitRun{}
	for _, lab := range r.labs() {
		results := r.of(lab)
		suite := junitSuite{Name: lab, Tests: len(results)}
		var all time.Duration
		for _, s := range results {
			all += s.Took
			c := junitCase{Class: s.where(), Name: s.Scenario, Time: seconds(s.Took)}
			if s.Wrong != "" {
				first, _, _ := strings.Cut(s.Wrong, "\n")
				c.Failure = &junitFailure{Message: first, Text: s.Wrong}
				suite.Failures++
			}
			suite.Cases = append(suite.Cases, c)
		}
		suite.Time = seconds(all)
		run.Suites = append(run.Suites, suite)
	}
	if _, err := io.WriteString(to, xml.Header); err != nil {
		return err
	}
	out := xml.NewEncoder(to)
	out.Indent("", "  ")
	return out.Encode(run)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
