package kind

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// lastWords prints what etcd said last where its newest container has ended, and what
// it said of its log where that runs. What an earlier one said no longer counts then.
const lastWords = `set -eu
newest=$(crictl ps --all --name '^etcd$' --output json | jq --raw-output '[.containers[]] | sort_by(.createdAt | tonumber) | last // empty | "\(.state) \(.id)"')
case $newest in
  'CONTAINER_EXITED '*) crictl logs --tail 2000 "${newest#* }" 2>&1 ;;
  'CONTAINER_RUNNING '*) crictl logs "${newest#* }" 2>&1 | grep -e '"restore consistentIndex"' -e 'newRaft ' ;;
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

// How far etcd's database and its log go, in entries, as etcd says when it begins.
var (
	applied = regexp.MustCompile(`"restore consistentIndex","index":(\d+)`)
	logged  = regexp.MustCompile(`newRaft .* lastindex: (\d+)`)
)

// madeGood is how many entries the log may have lost: etcd drops as many new ones, and
// until it has, it tries one every seven seconds and answers nobody.
const madeGood = 5

// shortfall says that the log has lost entries which the database has, or is "".
func shortfall(log string) string {
	has, hasFound := number(applied, log)
	knows, knowsFound := number(logged, log)
	if !hasFound || !knowsFound || has <= knows+madeGood {
		return ""
	}
	return fmt.Sprintf("its database goes to entry %d and its log to %d", has, knows)
}

func number(in *regexp.Regexp, log string) (n int, found bool) {
	match := in.FindStringSubmatch(log)
	if match == nil {
		return 0, false
	}
	n, err := strconv.Atoi(match[1])
	return n, err == nil
}
