package sandbox

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

// Spares keeps the spares' rows, and how many are wanted of each lab.
type Spares interface {
	Spares(ctx context.Context) ([]labs.Spare, error)
	SaveSpare(ctx context.Context, s labs.Spare) error // inserts or replaces
	DropSpare(ctx context.Context, cluster string) error
	// TakeSpare saves the session and drops the spare that its cluster was, both or
	// neither: labs.ErrNotFound when there is no such spare.
	TakeSpare(ctx context.Context, s labs.Session) error
	Warm(ctx context.Context) (map[string]int, error)
	SetWarm(ctx context.Context, labID string, n int) error
}

// anyLab is where spares are counted that any lab may have.
const anyLab = ""

// pool is what there is of spares, and what is wanted. It does nothing to rows and
// clusters: the Fleet does, and tells it.
type pool struct {
	setting sync.Mutex // held while wanted is saved and set

	mu      sync.Mutex
	spares  map[string]*spare        // by cluster, from before it is made until its row is gone; guarded by mu
	wanted  map[string]int           // by lab; guarded by mu
	took    map[string]time.Duration // by lab, to make the last spare; guarded by mu
	trouble map[string]trouble       // by lab; guarded by mu
}

type spare struct {
	labs.Spare
	at standing
}

// standing is what is being done with a spare.
type standing int

const (
	found   standing = iota // in the store: the machine is to be asked
	making                  // or mended, or dropped
	stocked                 // whole, and there to be taken
	taken                   // its row is being made a session's
)

func newPool() *pool {
	return &pool{spares: map[string]*spare{}, wanted: map[string]int{}, took: map[string]time.Duration{}, trouble: map[string]trouble{}}
}

// put says how a spare stands.
func (p *pool) put(s labs.Spare, at standing) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.spares[s.Cluster] = &spare{s, at}
}

// take takes the oldest spare on which the lab's setup is done and that fits, or else
// one that any lab may have. Whoever takes one drops it or gives it back.
func (p *pool) take(labID, labHash string, fits func(labs.Spare) bool) (labs.Spare, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, kind := range [][2]string{{labID, labHash}, {anyLab, ""}} {
		for _, s := range p.inOrderLocked() {
			if s.at == stocked && s.LabID == kind[0] && s.LabHash == kind[1] && (s.LabID == anyLab || fits(s.Spare)) {
				s.at = taken
				return s.Spare, true
			}
		}
	}
	return labs.Spare{}, false
}

func (p *pool) inOrderLocked() []*spare {
	list := make([]*spare, 0, len(p.spares))
	for _, s := range p.spares {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b *spare) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), strings.Compare(a.Cluster, b.Cluster))
	})
	return list
}

// giveBack undoes a take.
func (p *pool) giveBack(cluster string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.spares[cluster]; s != nil {
		s.at = stocked
	}
}

func (p *pool) drop(cluster string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.spares, cluster)
}

// seize keeps others from a spare, unless someone is making or taking it.
func (p *pool) seize(cluster string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.spares[cluster]
	if s == nil || s.at == making || s.at == taken {
		return false
	}
	s.at = making
	return true
}

// stock puts a spare that was found on the machine there to be taken.
func (p *pool) stock(cluster string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.spares[cluster]; s != nil && s.at == found {
		s.at = stocked
	}
}

func (p *pool) knows(cluster string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.spares[cluster] != nil
}

// idle returns the spares that nobody is making or taking, oldest first.
func (p *pool) idle() []labs.Spare {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []labs.Spare
	for _, s := range p.inOrderLocked() {
		if s.at == found || s.at == stocked {
			list = append(list, s.Spare)
		}
	}
	return list
}

// count counts a lab's spares that can be taken.
func (p *pool) count(labID string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.countLocked(labID)
}

func (p *pool) countLocked(labID string) (n int) {
	for _, s := range p.spares {
		if s.LabID == labID && s.at == stocked {
			n++
		}
	}
	return n
}

// size counts the spares but for those that are being taken.
func (p *pool) size() (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.spares {
		if s.at != taken {
			n++
		}
	}
	return n
}

func (p *pool) want(labID string, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n <= 0 {
		delete(p.wanted, labID)
		return
	}
	p.wanted[labID] = n
}

// kept returns what is wanted of a lab.
func (p *pool) kept(labID string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.wanted[labID]
}

// warm lists the labs of which spares are wanted, in order.
func (p *pool) warm() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]string, 0, len(p.wanted))
	for id := range p.wanted {
		list = append(list, id)
	}
	slices.Sort(list)
	return list
}

// setupHash tells whether a lab's setup is still the one that was done.
func setupHash(lab labs.Lab) string {
	var start string
	if len(lab.Steps) > 0 {
		start = lab.Steps[0].Start
	}
	raw, _ := json.Marshal([]any{lab.Setup, start, lab.Vary}) // strings alone: cannot fail
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// spareID is the id of the session that a spare is for: what the lab draws for it
// is known before anyone takes it.
func spareID(s labs.Spare) string { return strings.TrimPrefix(s.Cluster, clusterName("")) }
