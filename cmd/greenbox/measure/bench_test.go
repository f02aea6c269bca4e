package measure

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFiguresBecomeAMeasurement(t *testing.T) {
	yes, no, three, two := true, false, 3.0, 2.0
	for _, row := range []struct {
		name string
		got  Measurement
		want Measurement
	}{
		{"the middle of an odd number", of("a", "s", 3, 1, 2), Measurement{Name: "a", Unit: "s", Median: 2, Min: 1, Max: 3, Runs: 3}},
		{"between the middle two of an even number", of("a", "s", 4, 1, 2, 3), Measurement{Name: "a", Unit: "s", Median: 2.5, Min: 1, Max: 4, Runs: 4}},
		{"a target that is met", of("a", "s", 3).atMost(3), Measurement{Name: "a", Unit: "s", Median: 3, Min: 3, Max: 3, Runs: 1, Target: &three, Met: &yes}},
		{"a target that is missed", of("a", "s", 3).atMost(2), Measurement{Name: "a", Unit: "s", Median: 3, Min: 3, Max: 3, Runs: 1, Target: &two, Met: &no}},
		{"a target with nothing measured is not met", of("a", "s").atMost(2), Measurement{Name: "a", Unit: "s", Target: &two, Met: &no}},
		{"a target that is to be reached", of("a", "times", 3).atLeast(2), Measurement{Name: "a", Unit: "times", Median: 3, Min: 3, Max: 3, Runs: 1, Target: &two, AtLeast: true, Met: &yes}},
		{"a target that was not reached", of("a", "times", 2).atLeast(3), Measurement{Name: "a", Unit: "times", Median: 2, Min: 2, Max: 2, Runs: 1, Target: &three, AtLeast: true, Met: &no}},
		{"how much slower the rival is", of("a", "s", 2).against(of("b", "s", 6)), Measurement{Name: "a", Unit: "s", Median: 2, Min: 2, Max: 2, Runs: 1, Rival: "b", Ratio: &three}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, row.got); diff != "" {
				t.Error("(-want +got):\n" + diff)
			}
		})
	}
}

func TestAnUnknownMeasurementIsRefused(t *testing.T) {
	_, err := Run(t.Context(), Config{Runs: 1}, []string{"speed"})
	if err == nil || !strings.Contains(err.Error(), "burst") {
		t.Errorf("got %v", err)
	}
}
