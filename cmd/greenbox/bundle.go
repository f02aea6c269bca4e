package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/greenbox-lab/greenbox/sandbox/nodeimage"
	"github.com/spf13/cobra"
)

// What a bundle is made of. The first is written first, so that a folder in which
// a bundle was begun is known; the last is written last: with it the bundle is whole.
const (
	bundleAbout    = "bundle.json"
	bundleBinary   = "greenbox"
	bundlePackages = "packages"
	bundleImages   = "images.tar.zst"
	bundleReadme   = "README.md"
	bundleSums     = "SHA256SUMS"
)

// bundleFormat is raised when an older Greenbox could not use a bundle.
const bundleFormat = 1

// bundleTimeout is how long writing a bundle may take, also to a slow disk.
const bundleTimeout = 30 * time.Minute

// bundle is what bundle.json says of the rest.
type bundle struct {
	Format   int               `json:"format"`
	Greenbox string            `json:"greenbox"`
	Arch     string            `json:"arch"`
	Release  string            `json:"release"` // of the packages
	Image    string            `json:"image"`   // of the nodes
	Images   map[string]string `json:"images"`  // all of them, with the ids they had
}

func bundleCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "bundle DIR",
		Short: "Write into a folder all that a machine without a network needs",
		Long: "Writes this program, the node image, the golden cluster's images and the packages of a Docker Engine\n" +
			"into DIR, which is empty, new, or a bundle to be renewed. What is missing here is made first, as\n" +
			"`greenbox image` does. On a machine of the same release and architecture, with no network,\n" +
			"`DIR/greenbox up --from DIR` then does everything.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			say := newStages(cmd.ErrOrStderr()).say
			if err := claim(args[0]); err != nil {
				return err
			}
			if err := makeBundle(cmd.Context(), args[0], say); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s/greenbox up --from %s\n", args[0], args[0])
			return nil
		},
	}
}

// claim refuses a folder that holds something else.
func claim(dir string) error {
	found, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, bundleAbout)); err != nil && len(found) > 0 {
		return fmt.Errorf("%s holds something else, such as %s: name a new or an empty folder", dir, found[0].Name())
	}
	return os.MkdirAll(dir, 0o755) //nolint:gosec // for everyone to read
}

func makeBundle(ctx context.Context, dir string, say func(string)) error {
	s := settings{subnets: defaultSubnets}
	if err := prepare(ctx, origin{way: nodeimage.Auto}, &s, say); err != nil {
		return err
	}
	e, err := engine.Open(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	ctx, cancel := context.WithTimeout(ctx, bundleTimeout)
	defer cancel()
	w := &bundleWriter{dir: dir, engine: e, say: say}
	if w.about, err = describe(ctx, e, &s); err != nil {
		return err
	}
	if w.done() {
		say("the bundle is there already, whole and of this version")
		return nil
	}
	return w.write(ctx)
}

// describe names the images that are there to be bundled.
func describe(ctx context.Context, e *engine.Engine, s *settings) (bundle, error) {
	b := bundle{Format: bundleFormat, Greenbox: version, Arch: runtime.GOARCH, Image: s.image, Images: map[string]string{}}
	dir, err := os.MkdirTemp("", "greenbox-bundle-*")
	if err != nil {
		return bundle{}, err
	}
	defer os.RemoveAll(dir)
	p, err := goldenProvider(ctx, e, s, dir)
	if err != nil {
		return bundle{}, err
	}
	refs, err := p.GoldenImages(ctx)
	if err != nil {
		return bundle{}, err
	}
	for _, ref := range append(refs, s.image) {
		if b.Images[ref], _, err = e.ImageID(ctx, ref); err != nil {
			return bundle{}, err
		}
	}
	return b, nil
}

func readBundle(dir string) (bundle, error) {
	var b bundle
	raw, err := os.ReadFile(filepath.Join(dir, bundleAbout)) //nolint:gosec // the folder the operator names
	if errors.Is(err, fs.ErrNotExist) {
		return b, fmt.Errorf("%s is no bundle: `greenbox bundle` makes one, on a machine with a network", dir)
	}
	if err == nil {
		err = json.Unmarshal(raw, &b)
	}
	if err != nil {
		return b, fmt.Errorf("%s: %w", filepath.Join(dir, bundleAbout), err)
	}
	return b, nil
}
