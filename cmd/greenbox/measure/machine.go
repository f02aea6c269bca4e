package measure

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// available is the machine's memory that could be given out, in MiB.
func available() (float64, error) { return kib("/proc/meminfo", "MemAvailable") }

// proportional is the memory of a process of this machine, in MiB.
func proportional(pid string) (float64, error) { return kib("/proc/"+pid+"/smaps_rollup", "Pss") }

// processor is the CPU time a process of this machine has used, in seconds.
func processor(pid string) (float64, error) {
	raw, err := os.ReadFile("/proc/" + pid + "/stat") //nolint:gosec // below /proc
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(raw), ") ") // behind the name
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/%s/stat has only %d fields", pid, len(fields))
	}
	user, err := strconv.ParseFloat(fields[11], 64)
	if err != nil {
		return 0, err
	}
	system, err := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100, err // USER_HZ is 100 on Linux
}

// kib reads a line such as "Pss: 1024 kB" of a file, as MiB.
func kib(file, name string) (float64, error) {
	raw, err := os.ReadFile(file) //nolint:gosec // below /proc
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(raw)) {
		fields := strings.Fields(line)
		if len(fields) == 3 && fields[0] == name+":" {
			n, err := strconv.ParseFloat(fields[1], 64)
			return n / 1024, err
		}
	}
	return 0, fmt.Errorf("%s has no line %s", file, name)
}
