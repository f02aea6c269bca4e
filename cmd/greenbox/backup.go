package main

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"time"

	"github.com/greenbox-lab/greenbox/labs/progress"
	"github.com/spf13/cobra"
)

// The members of a backup, in this order; then come those of archives/.
const (
	backupAbout    = "backup.json"
	backupDatabase = "greenbox.db"
	backupInstance = "instance"
	backupArchives = "archives"
)

// archiveName is what a member of archives/ may be called: no name leads elsewhere.
var archiveName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// backupFormat is raised when an older Greenbox could not read a backup.
const backupFormat = 1

// backupHead is the first member of a backup.
type backupHead struct {
	Format   int       `json:"format"`
	Greenbox string    `json:"greenbox"`
	Made     time.Time `json:"made"`
}

func backupCommand() *cobra.Command {
	var data string
	c := &cobra.Command{
		Use:   "backup FILE",
		Short: "Write everybody's progress to one file; a server may be running",
		Long: "Writes the database (learners, sessions, attempts), the archives of ended sessions and this instance's\n" +
			"id to FILE, a tar.gz that only you can read. Clusters and their credentials are not in it.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := backup(cmd.Context(), data, args[0]); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s holds the progress of %s; `greenbox restore` brings it back\n", args[0], data)
			return nil
		},
	}
	c.Flags().StringVar(&data, "data", defaultData(), "folder of the database")
	return c
}

// backup writes file whole or not at all.
func backup(ctx context.Context, data, file string) (err error) {
	dir, err := os.MkdirTemp(filepath.Dir(file), ".greenbox-backup-*")
	if err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	defer os.RemoveAll(dir)
	if err := progress.Copy(ctx, filepath.Join(data, "greenbox.db"), filepath.Join(dir, backupDatabase)); err != nil {
		return fmt.Errorf("%w; --data names the folder to back up", err)
	}
	whole := filepath.Join(dir, "backup.tar.gz")
	if err := writeBackup(whole, dir, data); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	return os.Rename(whole, file)
}

func writeBackup(whole, dir, data string) error {
	f, err := os.OpenFile(whole, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // the path is the operator's own choice
	if err != nil {
		return err
	}
	defer f.Close()
	z := gzip.NewWriter(f)
	t := tar.NewWriter(z)
	if err := addAbout(t); err != nil {
		return err
	}
	if err := addMember(t, backupDatabase, filepath.Join(dir, backupDatabase)); err != nil {
		return err
	}
	if err := addMember(t, backupInstance, instanceFile(data)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := addArchives(t, filepath.Join(data, backupArchives)); err != nil {
		return err
	}
	return errors.Join(t.Close(), z.Close(), f.Sync(), f.Close())
}

func addAbout(t *tar.Writer) error {
	text, err := json.Marshal(backupHead{Format: backupFormat, Greenbox: version, Made: time.Now().UTC().Truncate(time.Second)})
	if err != nil {
		return err
	}
	if err := t.WriteHeader(&tar.Header{Name: backupAbout, Mode: 0o600, Size: int64(len(text))}); err != nil {
		return err
	}
	_, err = t.Write(text)
	return err
}

// addArchives leaves out what a session's end is still writing, which has a name of its own kind.
func addArchives(t *tar.Writer, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !archiveName.MatchString(e.Name()) {
			continue
		}
		err := addMember(t, path.Join(backupArchives, e.Name()), filepath.Join(dir, e.Name()))
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // removed since
			return err
		}
	}
	return nil
}

func addMember(t *tar.Writer, name, file string) error {
	f, err := os.Open(file) //nolint:gosec // below a folder of ours
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: info.Size(), ModTime: info.ModTime()}); err != nil {
		return err
	}
	_, err = io.CopyN(t, f, info.Size())
	return err
}
