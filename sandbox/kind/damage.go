package kind

import (
	"context"
	"strings"
)

// lastWords prints what etcd said last where its newest container has ended. What an
// earlier one said no longer counts once a newer one runs.
const lastWords = `set -eu
newest=$(crictl ps --all --name '^etcd$' --output json | jq --raw-output '[.containers[]] | sort_by(.createdAt | tonumber) | last // empty | "\(.state) \(.id)"')
case $newest in
  'CONTAINER_EXITED '*) crictl logs --tail 2000 "${newest#* }" 2>&1 ;;
esac`

func (p *Provider) lastWords(ctx context.Context, name string) (string, error) {
	out, err := p.output(ctx, containers(name)[0], "timeout", "10", "bash", "-c", lastWords)
	return string(out), err
}

// ends begin or mark the lines with which etcd ends.
var ends = []string{`"level":"fatal"`, `"level":"panic"`, "panic: ", "fatal error: ", "unexpected fault address", "[signal SIGBUS"}

// corruptions are what such a line says where etcd could not read what it had written.
// Whatever else stops etcd, such as a flag, a certificate, an address or a full disk,
// can be put right on the node, and may be what the learner is to find.
var corruptions = []string{
	// write-ahead log and snapshots
	"crc mismatch", "wal: file not found", "wal: snapshot", "wal: slice bounds", "wal: conflicting", "wal: file sequence", "bad wal name",
	"failed to read WAL", "failed to repair WAL", "failed to find database snapshot", "snap: empty snapshot",
	// the raft log's ends do not fit together
	"Was the raft log corrupted", "is out of range [", "out of bound [", "is unavailable from storage",
	// the database file, and its pages
	"invalid database", "checksum error", `"version mismatch"`, "file size too small", "unexpected fault address", "SIGBUS",
	"already freed", "self identifies as", "invalid page type", "invalid freelist page", "above high water mark", "freepages: ",
	"invalid meta pages", "free page ID", "free ID", "bucket header", "pgids not sorted", "non-zero page access",
	// what is in it
	"failed to find revision pair", "failed to unmarshal", "wire-format", "slice bounds out of range", "index out of range",
}

// corruption is the line in which etcd says that its data is damaged, or "".
func corruption(log string) string {
	for line := range strings.Lines(log) {
		if containsAny(line, ends) && containsAny(line, corruptions) {
			line, _, _ = strings.Cut(line, `,"stacktrace"`)
			return strings.TrimSpace(line)
		}
	}
	return ""
}

func containsAny(s string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}
