package catalog

import "fmt"

// Problem is one thing wrong with a lab.
type Problem struct {
	File   string // from the root of all labs: delete-static-pod/lab.yaml
	Line   int    // from 1
	What   string
	Remedy string
}

func (p *Problem) Error() string {
	return fmt.Sprintf("%s:%d: %s; %s", p.File, p.Line, p.What, p.Remedy)
}
