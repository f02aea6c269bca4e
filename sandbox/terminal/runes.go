package terminal

import (
	"slices"
	"unicode/utf8"
)

// runes holds back what may be the beginning of a rune at the end of a message:
// at most three bytes.
type runes struct{ held []byte }

// whole returns what was held and data, up to the last whole rune. Bytes that
// are no UTF-8 pass as they are.
func (r *runes) whole(data []byte) []byte {
	if len(r.held) > 0 {
		data = append(r.held, data...)
	}
	cut := len(data) - unfinished(data)
	r.held = slices.Clone(data[cut:])
	return data[:cut]
}

// rest returns what is held, when nothing follows.
func (r *runes) rest() []byte { return r.held }

// unfinished returns how many bytes at the end begin a rune that may go on.
func unfinished(data []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(data); n++ {
		tail := data[len(data)-n:]
		if utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}
