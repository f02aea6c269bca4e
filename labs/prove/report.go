package prove

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Report writes each result as a line and keeps it for Sum and JUnit.
type Report struct {
	to      io.Writer
	began   time.Time
	results []Result
}

// NewReport returns a report that is written to a terminal or a log.
func NewReport(to io.Writer) *Report { return &Report{to: to, began: time.Now()} }

// Add writes a result.
func (r *Report) Add(result Result) {
	r.results = append(r.results, result)
	mark := "ok  "
	if result.Wrong != "" {
		mark = "FAIL"
	}
	fmt.Fprintf(r.to, "%s %6.1fs  %s  %s\n", mark, result.Took.Seconds(), result.where(), result.Scenario)
	if result.Wrong != "" {
		fmt.Fprintln(r.to, indented(result.Wrong))
	}
}

// where is the lab and, for a scenario of a step, the step.
func (r Result) where() string { return strings.TrimSuffix(r.Lab+"/"+r.Step, "/") }

func indented(text string) string { return "     | " + strings.ReplaceAll(text, "\n", "\n     | ") }

// slowest is how many scenarios Sum names.
const slowest = 5

// Sum writes how long each lab took, the slowest scenarios and what failed, and
// returns how many did.
func (r *Report) Sum() (failed int) {
	fmt.Fprintln(r.to, "\nseconds a lab, without making its cluster:")
	for _, lab := range r.labs() {
		fmt.Fprintf(r.to, "%6.1fs  %s\n", took(r.of(lab)).Seconds(), lab)
	}
	fmt.Fprintln(r.to, "\nslowest:")
	byTime := slices.SortedFunc(slices.Values(r.results), func(a, b Result) int { return cmp.Compare(b.Took, a.Took) })
	for _, s := range byTime[:min(slowest, len(byTime))] {
		fmt.Fprintf(r.to, "%6.1fs  %s  %s\n", s.Took.Seconds(), s.where(), s.Scenario)
	}
	bad := slices.DeleteFunc(slices.Clone(r.results), func(s Result) bool { return s.Wrong == "" })
	for i, s := range bad {
		if i == 0 {
			fmt.Fprintln(r.to, "\nfailed:")
		}
		fmt.Fprintf(r.to, "  %s  %s\n", s.where(), s.Scenario)
	}
	fmt.Fprintf(r.to, "\nlabs: %d, scenarios: %d, failed: %d, in %s\n",
		len(r.labs()), len(r.results), len(bad), time.Since(r.began).Round(time.Second))
	return len(bad)
}

// labs are the labs with results, in the order in which they began.
func (r *Report) labs() []string {
	var ids []string
	for _, s := range r.results {
		if !slices.Contains(ids, s.Lab) {
			ids = append(ids, s.Lab)
		}
	}
	return ids
}

func (r *Report) of(lab string) []Result {
	return slices.DeleteFunc(slices.Clone(r.results), func(s Result) bool { return s.Lab != lab })
}

// took is the time of the scenarios that are about steps.
func took(results []Result) time.Duration {
	var sum time.Duration
	for _, s := range results {
		if s.Step != "" {
			sum += s.Took
		}
	}
	return sum
}
