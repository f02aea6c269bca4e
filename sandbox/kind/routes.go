package kind

import (
	"bufio"
	"fmt"
	"math/bits"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// readRoutes reads the destinations of the kernel's IPv4 routes, the default
// route left out. The file gives addresses as little-endian hexadecimal.
func readRoutes(file string) ([]netip.Prefix, error) {
	f, err := os.Open(file) //nolint:gosec // a file of /proc, or of a test
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []netip.Prefix
	lines := bufio.NewScanner(f)
	lines.Scan() // the header
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 8 {
			continue
		}
		dest, err := hexAddr(fields[1])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		mask, err := strconv.ParseUint(fields[7], 16, 32)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if ones := bits.OnesCount64(mask); ones > 0 {
			out = append(out, netip.PrefixFrom(dest, ones))
		}
	}
	return out, lines.Err()
}

func hexAddr(s string) (netip.Addr, error) {
	n, err := strconv.ParseUint(s, 16, 32)
	if err != nil {
		return netip.Addr{}, err
	}
	return netip.AddrFrom4([4]byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)}), nil //nolint:gosec // the bytes of n
}
