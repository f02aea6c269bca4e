package labs

import "time"

// Spare is a cluster that was made for nobody yet.
type Spare struct {
	Cluster   string
	LabID     string // whose setup is done on it; empty: any lab may have it
	LabHash   string // of that setup's scripts; empty when there is no lab
	Whole     bool   // made, set up and paused
	CreatedAt time.Time
}
