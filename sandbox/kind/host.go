package kind

import (
	"bufio"
	"os"
	"strconv"
	"strings"
)

// capSysResource is the bit of CAP_SYS_RESOURCE, see capabilities(7).
const capSysResource = 24

// canLowerOOMScore reports whether this process, and so an engine on the same
// machine, has CAP_SYS_RESOURCE in its bounding set.
func canLowerOOMScore() (bool, error) {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return false, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		hex, found := strings.CutPrefix(lines.Text(), "CapBnd:")
		if !found {
			continue
		}
		set, err := strconv.ParseUint(strings.TrimSpace(hex), 16, 64)
		return set&(1<<capSysResource) != 0, err
	}
	return false, nil
}
