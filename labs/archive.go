package labs

// Archive is what is kept of a session's work, to be downloaded.
type Archive struct {
	State ArchiveState
	Size  int64 // in bytes, once saved
}

// ArchiveState is how far the keeping has come; empty: nothing is kept.
type ArchiveState string

// The states of an archive.
const (
	ArchiveSaving ArchiveState = "saving"
	ArchiveSaved  ArchiveState = "saved"
)
