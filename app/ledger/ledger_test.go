//go:build unix

package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"keyfob/app/ledger"
	"keyfob/auth"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/keychain"
)

// noted is a keychain whose note is below a folder of the test's, and what could
// not be noted.
func noted(t *testing.T) (ledger.Store, *[]error) {
	t.Helper()
	var failed []error
	return ledger.Store{
		Store: memory.New(), Ledger: ledger.Ledger{Path: filepath.Join(t.TempDir(), "state", "keyfob", "stored.json")},
		Failed: func(err error) { failed = append(failed, err) },
	}, &failed
}

var some = auth.Tokens{Access: "canary", Refresh: "canary", Type: "Bearer"}

// TestNote follows what is stored, through tokens and client secrets.
func TestNote(t *testing.T) {
	s, failed := noted(t)
	is := func(want ...string) {
		t.Helper()
		if got := s.Ledger.Names(); !slices.Equal(got, want) {
			t.Errorf("noted are %q, want %q", got, want)
		}
	}
	is()
	tool := auth.Tool{ID: "web", Issuer: "https://idp.example.com", ClientID: "x"}
	err := errors.Join(s.Save(t.Context(), "web", some), s.Save(t.Context(), "plant6", some), s.Save(t.Context(), "web", some),
		keychain.Secrets{Store: s}.Save(t.Context(), tool, "canary"))
	if err != nil {
		t.Fatal(err)
	}
	is("plant6", "web", "web/client_secret")
	if got := s.Ledger.Orphans(func(tool string) bool { return tool == "plant6" }); !slices.Equal(got, []string{"web"}) {
		t.Errorf("orphans %q", got)
	}
	if data, err := os.ReadFile(s.Ledger.Path); err != nil || strings.Contains(string(data), "canary") {
		t.Errorf("the note is %s, %v", data, err)
	}
	if err := errors.Join(
		s.Delete(t.Context(), "web"), keychain.Secrets{Store: s}.Delete(t.Context(), "web"), s.Delete(t.Context(), "nobody"),
	); err != nil {
		t.Fatal(err)
	}
	is("plant6")

	// What an older Keyfob has stored is noted when it is read.
	if err := os.Remove(s.Ledger.Path); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(t.Context(), "plant6"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(t.Context(), "nobody"); !errors.Is(err, keychain.ErrNotFound) {
		t.Fatal(err)
	}
	is("plant6")
	if len(*failed) > 0 {
		t.Error(*failed)
	}
}

// away is a session without a keychain.
type away struct{ keychain.Store }

func (away) Save(context.Context, string, auth.Tokens) error {
	return &auth.Error{Kind: auth.KindKeychain, Code: auth.CodeKeychainAbsent, What: "none"}
}

// TestNothingIsStored notes nothing where there is no keychain.
func TestNothingIsStored(t *testing.T) {
	s, _ := noted(t)
	s.Store = away{s.Store}
	if err := s.Save(t.Context(), "web", some); auth.AsError(err).Code != auth.CodeKeychainAbsent || len(s.Ledger.Names()) > 0 {
		t.Errorf("%v, noted %q", err, s.Ledger.Names())
	}
}

// TestOwnFile holds that the note is this user's alone, whatever the umask is and
// whatever stands in its place.
func TestOwnFile(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	for name, prepare := range map[string]func(path, elsewhere string) error{
		"nothing": func(string, string) error { return nil },
		"a file that all can read": func(path, _ string) error {
			return errors.Join(os.WriteFile(path, []byte(`{"version":1,"stored":["old"]}`), 0o666), os.Chmod(path, 0o666))
		},
		"a link": func(path, elsewhere string) error { return os.Symlink(elsewhere, path) },
		"a pipe": func(path, _ string) error { return syscall.Mkfifo(path, 0o666) },
		"damage": func(path, _ string) error { return os.WriteFile(path, []byte("{"), 0o600) },
		"a link lock": func(path, elsewhere string) error {
			return os.Symlink(elsewhere, filepath.Join(filepath.Dir(path), ".stored.json.lock"))
		},
		"another kind": func(path, _ string) error { return os.WriteFile(path, []byte(`{"version":2,"stored":["old"]}`), 0o600) },
	} {
		s, failed := noted(t)
		elsewhere := filepath.Join(t.TempDir(), "elsewhere")
		const text = `{"version":1,"stored":["theirs"]}`
		if err := errors.Join(
			os.MkdirAll(filepath.Dir(s.Ledger.Path), 0o700), os.WriteFile(elsewhere, []byte(text), 0o644), prepare(s.Ledger.Path, elsewhere),
		); err != nil {
			t.Fatal(err)
		}
		if err := s.Save(t.Context(), "web", some); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if b, err := os.ReadFile(elsewhere); err != nil || string(b) != text {
			t.Errorf("%s: the file elsewhere holds %q, %v", name, b, err)
		}
		if name == "a link lock" {
			if len(*failed) != 1 {
				t.Errorf("%s: %v", name, *failed)
			}
			continue
		}
		info, err := os.Lstat(s.Ledger.Path)
		if err != nil || info.Mode() != 0o600 || !slices.Contains(s.Ledger.Names(), "web") || slices.Contains(s.Ledger.Names(), "theirs") ||
			len(*failed) > 0 {
			t.Errorf("%s: %v, %q, %v, %v", name, info.Mode(), s.Ledger.Names(), *failed, err)
		}
	}
}

// TestCannotNote stores all the same, and says why it is not noted.
func TestCannotNote(t *testing.T) {
	s, failed := noted(t)
	state := filepath.Dir(filepath.Dir(s.Ledger.Path))
	if err := os.WriteFile(state, nil, 0o600); err != nil { // where a folder belongs; root may write to any that is there
		t.Fatal(err)
	}
	if err := s.Save(t.Context(), "web", some); err != nil {
		t.Error(err)
	}
	if _, err := s.Load(t.Context(), "web"); err != nil {
		t.Error(err)
	}
	if want := "cannot note in " + s.Ledger.Path + " what the keychain holds (not a directory): check that folder's permissions and " +
		"the free space"; len(
		*failed,
	) == 0 ||
		(*failed)[0].Error() != want {
		t.Errorf("said %q", *failed)
	}
	s.Ledger.Path = ""
	if err := s.Save(t.Context(), "web", some); err != nil || s.Ledger.Names() != nil {
		t.Error(err)
	}
}

// TestManyNoteAtOnce loses none.
func TestManyNoteAtOnce(t *testing.T) {
	s, _ := noted(t)
	var all sync.WaitGroup
	for i := range 30 {
		all.Go(func() {
			l := ledger.Store{Store: s.Store, Ledger: s.Ledger, Failed: func(err error) { t.Error(err) }}
			if err := l.Save(t.Context(), fmt.Sprint("tool", i), some); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := s.Ledger.Names(); len(got) != 30 {
		t.Errorf("%d are noted", len(got))
	}
}
