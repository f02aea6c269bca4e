package kind

import (
	"fmt"
	"testing"
)

// The lines are etcd's own.
func TestOnlyLostDataIsDamage(t *testing.T) {
	for _, row := range []struct {
		name, log string
		damaged   bool
	}{
		{"a record of the write-ahead log is not what was written", `{"level":"fatal","ts":"2026-11-28T19:35:36.446896Z","caller":"etcdmain/etcd.go:157","msg":"discovery failed","error":"walpb: crc mismatch: expected: c6cff72e computed: bf24ce36: in file '0000000000000000-0000000000000000.wal' at position: 39424","stacktrace":"x"}`, true},
		{"the write-ahead log lacks a file", `{"level":"fatal","caller":"etcdserver/bootstrap.go:637","msg":"failed to open WAL","error":"wal: file not found"}`, true},
		{"the write-ahead log lacks one in its middle", `{"level":"fatal","caller":"etcdserver/bootstrap.go:637","msg":"failed to open WAL","error":"wal: file sequence numbers (starting from 0) do not increase continuously"}`, true},
		{"the write-ahead log ends too early", `{"level":"fatal","caller":"etcdserver/bootstrap.go:647","msg":"failed to read WAL, cannot be repaired","error":"unexpected EOF"}`, true},
		{"a snapshot of the database is missing", `{"level":"panic","caller":"etcdserver/bootstrap.go:442","msg":"failed to recover v3 backend from snapshot","error":"failed to find database snapshot file (snap: snapshot file doesn't exist)"}`, true},
		{"the raft log is shorter than what was committed", `{"level":"panic","msg":"tocommit(8912) is out of range [lastIndex(8710)]. Was the raft log corrupted, truncated, or lost?"}`, true},
		{"the database begins with zeros", `{"level":"panic","ts":"2026-11-28T19:38:04.453684Z","caller":"backend/backend.go:215","msg":"failed to open database","path":"/var/lib/etcd/member/snap/db","error":"invalid database","stacktrace":"x"}` + "\npanic: failed to open database", true},
		{"a page of the database is another's", "panic: assertion failed: Page expected to be: 147, but self identifies as 13906720150461308067\n\ngoroutine 1 [running]:", true},
		{"the database is shorter than it says", "unexpected fault address 0x7f32f7d4b000\nfatal error: fault\n[signal SIGBUS: bus error code=0x2 addr=0x7f32f7d4b000 pc=0xa25dc0]", true},
		{"a page was freed twice", "panic: page 3 already freed", true},

		{"nothing was said", "", false},
		{"it was told to end", `{"level":"info","caller":"osutil/interrupt_unix.go:65","msg":"received signal; shutting down","signal":"terminated"}`, false},
		{"a flag in the manifest is unknown", `{"level":"warn","msg":"failed to verify flags","error":"flag provided but not defined: -data-dirr"}`, false},
		{"an address in the manifest is not the node's", `{"level":"fatal","caller":"etcdmain/etcd.go:157","msg":"discovery failed","error":"listen tcp 10.0.0.9:2380: bind: cannot assign requested address"}`, false},
		{"a certificate in the manifest is missing", `{"level":"fatal","caller":"etcdmain/etcd.go:157","msg":"discovery failed","error":"open /etc/kubernetes/pki/etcd/servr.crt: no such file or directory"}`, false},
		{"the manifest names other members", `{"level":"fatal","caller":"etcdmain/etcd.go:157","msg":"discovery failed","error":"couldn't find local name \"cp\" in the initial cluster configuration"}`, false},
		{"the data folder cannot be read", `{"level":"fatal","caller":"etcdmain/etcd.go:157","msg":"discovery failed","error":"cannot access data directory: open /var/lib/etcd/.touch: permission denied"}`, false},
		{"another etcd has the database", `{"level":"panic","caller":"backend/backend.go:215","msg":"failed to open database","path":"/var/lib/etcd/member/snap/db","error":"timeout"}`, false},
		{"the disk is full", `{"level":"fatal","caller":"etcdserver/raft.go:257","msg":"failed to save Raft hard state and entries","error":"write /var/lib/etcd/member/wal/0.wal: no space left on device"}`, false},
		{"an older snapshot was used for a damaged one", `{"level":"warn","caller":"snap/snapshotter.go:113","msg":"failed to read a snap file","path":"1.snap","error":"snap: crc mismatch"}`, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := corruption(row.log); (got != "") != row.damaged {
				t.Errorf("said to be damaged by %q", got)
			}
		})
	}
}

// The lines are etcd's own.
func TestALogThatLostEntries(t *testing.T) {
	const says = `{"level":"info","caller":"etcdserver/bootstrap.go:249","msg":"restore consistentIndex","index":%d}
{"level":"info","caller":"v3@v3.7.0/raft.go:495","msg":"newRaft 42fa160e056b2b74 [peers: [42fa160e056b2b74], term: 2, commit: 582, applied: 0, lastindex: %d, lastterm: 2]"}`
	for name, row := range map[string]struct {
		log     string
		damaged bool
	}{
		"it has more than the database":         {fmt.Sprintf(says, 580, 582), false},
		"it has as many":                        {fmt.Sprintf(says, 582, 582), false},
		"it lost a few, which etcd makes good":  {fmt.Sprintf(says, 587, 582), false},
		"it lost many":                          {fmt.Sprintf(says, 807, 582), true},
		"it lost all":                           {fmt.Sprintf(says, 807, 0), true},
		"etcd has not said yet how far it goes": {`{"msg":"restore consistentIndex","index":807}`, false},
		"nothing was said":                      {"", false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := shortfall(row.log); (got != "") != row.damaged {
				t.Errorf("said to be damaged by %q", got)
			}
		})
	}
}
