package sandbox_test

import (
	"github.com/greenbox-lab/greenbox/labs/grade"
	"github.com/greenbox-lab/greenbox/labs/progress"
	"github.com/greenbox-lab/greenbox/sandbox"
)

// What cmd joins.
var (
	_ sandbox.Store  = (*progress.DB)(nil)
	_ sandbox.Spares = (*progress.DB)(nil)
	_ grade.Target   = (*sandbox.Sandbox)(nil)
)
