package kind

import "context"

// GoldenImages returns the references of the golden cluster's images, the control
// plane's first, or none where they have not been made.
func (p *Provider) GoldenImages(ctx context.Context) ([]string, error) { return p.goldenThere(ctx) }
