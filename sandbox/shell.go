package sandbox

import (
	"context"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/terminal"
)

// Shell returns a node's terminal, as Sandbox and Terminal do; but also while the
// lab is being set up, when the learner may look around already.
func (f *Fleet) Shell(ctx context.Context, id, node string) (*terminal.Terminal, error) {
	s, err := f.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if now := s.Session(); now.State != labs.Preparing || now.Stage != labs.StageSetup {
		if s, err = f.Sandbox(ctx, id); err != nil {
			return nil, err
		}
	}
	return s.Terminal(node)
}
