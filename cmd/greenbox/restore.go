package main

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/greenbox-lab/greenbox/labs/progress"
	"github.com/spf13/cobra"
)

func restoreCommand() *cobra.Command {
	var data string
	var yes bool
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Bring back what `greenbox backup` wrote; stop the server first",
		Long: "Checks the whole of FILE, then puts its database and archives into the data folder. A database that is\n" +
			"there is replaced only with --yes, and kept beside it as greenbox.db.before-restore-TIME. A folder that\n" +
			"has an instance id keeps it, and with it the clusters of the sessions in FILE. When the server starts,\n" +
			"sessions whose clusters are not here any more are shown as lost, their progress stays; and clusters of\n" +
			"sessions that began after the backup, which FILE does not know, are removed.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			kept, err := bringBack(cmd.Context(), data, args[0], yes)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s has the progress of %s again\n", data, args[0])
			if kept != "" {
				fmt.Fprintf(cmd.OutOrStdout(), "the database that was there is kept as %s\n", kept)
			}
			return nil
		},
	}
	c.Flags().StringVar(&data, "data", defaultData(), "folder of the database")
	c.Flags().BoolVar(&yes, "yes", false, "replace the database that is there")
	return c
}

// unpacked is where a backup is unpacked to be checked, in the data folder.
const unpacked = "restore.partial"

// bringBack changes nothing until the whole backup is known to be good. Kept is
// where the database that was there is now, if there was one.
func bringBack(ctx context.Context, data, file string, yes bool) (kept string, err error) {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return "", fmt.Errorf("data folder: %w", err)
	}
	database := filepath.Join(data, "greenbox.db")
	release, err := progress.Hold(database)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, release()) }()
	if _, err := os.Stat(database); err == nil {
		if !yes {
			return "", fmt.Errorf("%s is there already: add --yes to replace it (it is kept beside it), or name another folder with --data", database)
		}
		kept = database + ".before-restore-" + time.Now().UTC().Format("20060102-150405.000")
	}
	partial := filepath.Join(data, unpacked)
	if err := os.RemoveAll(partial); err != nil { // of a restore that was killed
		return "", err
	}
	defer os.RemoveAll(partial)
	if err := unpackBackup(file, partial); err != nil {
		return "", fmt.Errorf("%s cannot be restored, and nothing was changed: %w", file, err)
	}
	if err := progress.Examine(ctx, filepath.Join(partial, backupDatabase)); err != nil {
		return "", fmt.Errorf("%s cannot be restored, and nothing was changed: %w", file, err)
	}
	if err := putFiles(partial, data); err != nil {
		return "", err
	}
	return kept, progress.Replace(ctx, database, filepath.Join(partial, backupDatabase), kept)
}

// putFiles puts everything but the database in its place. An instance id that is
// there stays: the clusters of this folder carry it.
func putFiles(partial, data string) error {
	if _, err := knownInstance(data); err != nil {
		if err := os.Rename(instanceFile(partial), instanceFile(data)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	archives, err := os.ReadDir(filepath.Join(partial, backupArchives))
	if err != nil || len(archives) == 0 {
		return err
	}
	if err := os.MkdirAll(filepath.Join(data, backupArchives), 0o700); err != nil {
		return err
	}
	for _, a := range archives {
		name := filepath.Join(backupArchives, a.Name())
		if err := os.Rename(filepath.Join(partial, name), filepath.Join(data, name)); err != nil {
			return err
		}
	}
	return nil
}

// unpackBackup reads the whole of a backup into a new folder.
func unpackBackup(file, dir string) error {
	f, err := os.Open(file) //nolint:gosec // the path is the operator's own choice
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("it is no backup of Greenbox: %w", err)
	}
	if err := os.MkdirAll(filepath.Join(dir, backupArchives), 0o700); err != nil {
		return err
	}
	t := tar.NewReader(z)
	if err := readAbout(t); err != nil {
		return err
	}
	found := map[string]bool{}
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("it is damaged or cut short: %w", err)
		}
		if h.Typeflag != tar.TypeReg || !isMember(h.Name) || found[h.Name] {
			return fmt.Errorf("it is no backup of Greenbox: it holds %q", h.Name)
		}
		found[h.Name] = true
		if err := unpackMember(t, h, filepath.Join(dir, filepath.FromSlash(h.Name))); err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, z); err != nil { //nolint:gosec // read to its end, where its checksum is
		return fmt.Errorf("it is damaged or cut short: %w", err)
	}
	if !found[backupDatabase] {
		return errors.New("it is no backup of Greenbox: there is no database in it")
	}
	return nil
}

func isMember(name string) bool {
	inner, ok := strings.CutPrefix(name, backupArchives+"/")
	return name == backupDatabase || name == backupInstance || ok && archiveName.MatchString(inner)
}

func readAbout(t *tar.Reader) error {
	h, err := t.Next()
	if err != nil || h.Name != backupAbout {
		return errors.Join(errors.New("it is no backup of Greenbox, or is cut short"), err)
	}
	var a backupHead
	if err := json.NewDecoder(t).Decode(&a); err != nil {
		return fmt.Errorf("it is damaged or cut short: %w", err)
	}
	if a.Format > backupFormat {
		return fmt.Errorf("a newer Greenbox (%s) wrote it: update this one first", a.Greenbox)
	}
	return nil
}

func unpackMember(t *tar.Reader, h *tar.Header, file string) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // isMember has seen the name
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.CopyN(f, t, h.Size); err != nil {
		return fmt.Errorf("it is damaged or cut short: %w", err)
	}
	return errors.Join(f.Sync(), f.Close())
}
