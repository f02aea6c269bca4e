package shelf

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"strings"
)

// fingerprint differs when any file of the folder has another name, size or time.
type fingerprint [sha256.Size]byte

// most is how many files a folder of labs may have.
const most = 20_000

// look takes the folder's fingerprint, without what is hidden.
func look(folder fs.FS) (fingerprint, error) {
	sum, files := sha256.New(), 0
	err := fs.WalkDir(folder, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if path != "." && e.IsDir() && strings.HasPrefix(e.Name(), ".") {
			return fs.SkipDir
		}
		if files++; files > most {
			return fmt.Errorf("more than %d files: is it a folder of labs?", most)
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(sum, path, info.Size(), info.ModTime().UnixNano())
		return err
	})
	return fingerprint(sum.Sum(nil)), err
}
