package engine

// Finding is one thing that the doctor looked at.
type Finding struct {
	ID     string `json:"id"`
	Status Status `json:"status"`
	Found  string `json:"found"`         // what is there
	Why    string `json:"why"`           // why it matters to a lab
	Fix    string `json:"fix,omitempty"` // what to do, exactly; empty when all is well
}

// Status says how a finding bears on running a lab.
type Status string

// Warn means that labs run, but something may go wrong with more of them; Fail
// means that none can run.
const (
	OK   Status = "ok"
	Warn Status = "warn"
	Fail Status = "fail"
)

// CanRun reports whether nothing found keeps a lab from running.
func CanRun(findings []Finding) bool {
	for _, f := range findings {
		if f.Status == Fail {
			return false
		}
	}
	return true
}

// reading is a number read of the machine; the zero value was not to be read.
type reading struct {
	value uint64
	known bool
}

// need is how much of something labs want.
type need struct {
	id         string
	fail, warn uint64 // below fail no lab runs, below warn not many
	show       func(uint64) string
	why, fix   string
}

// judge never fails what could not be read: a machine may hide it, and labs
// then show whether it is enough.
func (n need) judge(have reading) Finding {
	f := Finding{ID: n.id, Status: OK, Found: "cannot be read here", Why: n.why}
	if !have.known {
		return f
	}
	f.Found = n.show(have.value)
	switch {
	case have.value < n.fail:
		f.Status = Fail
	case have.value < n.warn:
		f.Status = Warn
	default:
		return f
	}
	f.Found += ", wanted " + n.show(n.warn)
	f.Fix = n.fix
	return f
}
