package main

import (
	"archive/tar"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/progress"
)

// school is a data folder with one learner's session in it.
func school(t *testing.T, session string) string {
	t.Helper()
	data := t.TempDir()
	db, err := progress.Open(t.Context(), filepath.Join(data, "greenbox.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer closing(t, db)
	if err := db.EnsureLearner(t.Context(), labs.Learner{ID: "ada", Name: "Ada"}); err != nil {
		t.Fatal(err)
	}
	if err := db.SaveSession(t.Context(), labs.Session{ID: session, LearnerID: "ada", LabID: "x", State: labs.Ready}); err != nil {
		t.Fatal(err)
	}
	write(t, data, "instance")
	write(t, data, "archives/s1.tar.gz")
	write(t, data, "archives/.unfinished")
	write(t, data, "clusters/greenbox-s1/kubeconfig")
	return data
}

func closing(t *testing.T, db *progress.DB) {
	t.Helper()
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

// sessionsIn are the ids of the learner's sessions in a data folder.
func sessionsIn(t *testing.T, data string) []string {
	t.Helper()
	db, err := progress.Open(t.Context(), filepath.Join(data, "greenbox.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer closing(t, db)
	sessions, err := db.SessionsOf(t.Context(), "ada")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, s := range sessions {
		ids = append(ids, s.ID)
	}
	return ids
}

// backedUp is the backup of a new school.
func backedUp(t *testing.T, session string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "school.tar.gz")
	if err := backup(t.Context(), school(t, session), file); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestABackupOfARunningServerComesBackWhole(t *testing.T) {
	data := school(t, "s1")
	server, err := progress.Open(t.Context(), filepath.Join(data, "greenbox.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer closing(t, server)
	dir := t.TempDir()
	file := filepath.Join(dir, "school.tar.gz")
	for range 2 { // the second one takes the first one's place
		if err := backup(t.Context(), data, file); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{backupAbout, backupDatabase, backupInstance, "archives/s1.tar.gz"}, members(t, file)); diff != "" {
		t.Error(diff)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left beside it: %v", left)
	}

	elsewhere := filepath.Join(t.TempDir(), "new")
	if kept, err := bringBack(t.Context(), elsewhere, file, false); err != nil || kept != "" {
		t.Fatalf("kept %q, %v", kept, err)
	}
	if diff := cmp.Diff([]string{"s1"}, sessionsIn(t, elsewhere)); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{"instance", "archives/s1.tar.gz"} {
		want, _ := os.ReadFile(filepath.Join(data, name))
		if got, err := os.ReadFile(filepath.Join(elsewhere, name)); err != nil || string(got) != string(want) {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
	if _, err := os.Stat(filepath.Join(elsewhere, unpacked)); err == nil {
		t.Errorf("%s is left", unpacked)
	}
}

func TestRestoreOverADatabase(t *testing.T) {
	file, data := backedUp(t, "s1"), school(t, "s2")
	if err := os.WriteFile(instanceFile(data), []byte("own\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := bringBack(t.Context(), data, file, false); err == nil || !strings.Contains(err.Error(), "--yes") {
		t.Errorf("error %v, want one that asks for --yes", err)
	}
	server, err := progress.Open(t.Context(), filepath.Join(data, "greenbox.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bringBack(t.Context(), data, file, true); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("error %v, want one that a server runs", err)
	}
	closing(t, server)
	if diff := cmp.Diff([]string{"s2"}, sessionsIn(t, data)); diff != "" {
		t.Error("what was refused has changed something: " + diff)
	}

	kept, err := bringBack(t.Context(), data, file, true)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"s1"}, sessionsIn(t, data)); diff != "" {
		t.Error(diff)
	}
	if id, _ := knownInstance(data); id != "own" {
		t.Errorf("the folder's instance is %q now: its clusters have lost their owner", id)
	}
	aside := t.TempDir()
	if err := os.Rename(kept, filepath.Join(aside, "greenbox.db")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"s2"}, sessionsIn(t, aside)); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoWholeBackupChangesNothing(t *testing.T) {
	good := backedUp(t, "s1")
	raw, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	spoilt := strings.Repeat("x", 64)
	head := `{"format":1}`
	for name, row := range map[string]struct {
		content string
		says    string
	}{
		"one that is cut short":          {string(raw[:len(raw)/2]), "cut short"},
		"one without its last byte":      {string(raw[:len(raw)-1]), "cut short"},
		"one with a damaged middle":      {string(raw[:len(raw)/2]) + spoilt + string(raw[len(raw)/2+len(spoilt):]), "damaged"},
		"a file that is no archive":      {"hello", "no backup"},
		"an archive of something else":   {pack(t, "readme", "hello"), "no backup"},
		"a name that leads elsewhere":    {pack(t, backupAbout, head, "archives/../../evil", "x"), "no backup"},
		"an absolute name":               {pack(t, backupAbout, head, "/etc/evil", "x"), "no backup"},
		"a name that comes twice":        {pack(t, backupAbout, head, backupInstance, "x", backupInstance, "y"), "no backup"},
		"one without a database":         {pack(t, backupAbout, head, backupInstance, "x"), "no database"},
		"one whose database is none":     {pack(t, backupAbout, head, backupDatabase, strings.Repeat("no", 4096)), "cannot be read"},
		"one in a format of tomorrow":    {pack(t, backupAbout, `{"format":2,"greenbox":"v9"}`), "newer Greenbox (v9)"},
		"one whose first member is none": {pack(t, backupAbout, "{"), "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "spoilt.tar.gz")
			if err := os.WriteFile(file, []byte(row.content), 0o600); err != nil {
				t.Fatal(err)
			}
			data := school(t, "s2")
			if _, err := bringBack(t.Context(), data, file, true); err == nil || !strings.Contains(err.Error(), row.says) {
				t.Errorf("error %v, want one that says %q", err, row.says)
			}
			if diff := cmp.Diff([]string{"s2"}, sessionsIn(t, data)); diff != "" {
				t.Error(diff)
			}
			if left, _ := filepath.Glob(filepath.Join(data, "*restore*")); left != nil {
				t.Errorf("left: %v", left)
			}
		})
	}
}

func TestBackupOfAFolderWithoutDatabase(t *testing.T) {
	dir := t.TempDir()
	err := backup(t.Context(), filepath.Join(dir, "none"), filepath.Join(dir, "x.tar.gz"))
	if err == nil || !strings.Contains(err.Error(), "--data") {
		t.Errorf("error %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

// pack makes a tar.gz of names and contents in turn.
func pack(t *testing.T, namesAndContents ...string) string {
	t.Helper()
	var out strings.Builder
	z := gzip.NewWriter(&out)
	w := tar.NewWriter(z)
	for i := 0; i < len(namesAndContents); i += 2 {
		name, content := namesAndContents[i], namesAndContents[i+1]
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func members(t *testing.T, file string) []string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err != nil {
			return names
		}
		names = append(names, h.Name)
	}
}
