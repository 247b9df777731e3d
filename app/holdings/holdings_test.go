package holdings_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"keyfob/app/config"
	"keyfob/app/holdings"
	"keyfob/app/ledger"
	"keyfob/app/lock"
	"keyfob/auth"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/keychain"
)

var unknown = &auth.Error{Kind: auth.KindUsage, Code: auth.CodeUnknownTool, What: "there is no such tool"}

// keychainOf is a keychain with the sign-in and the client secret of a tool "web"
// that the settings file at from stored, and who uses the one at path.
func keychainOf(t *testing.T, from, path string, usual bool) holdings.Holdings {
	t.Helper()
	dir := t.TempDir()
	note := ledger.Ledger{Path: filepath.Join(dir, "stored.json"), Settings: from, Usual: from == "/usual.toml"}
	memory := memory.New()
	failed := func(err error) { t.Error(err) }
	h := holdings.Holdings{Store: ledger.Store{Store: memory, Ledger: note, Failed: failed}, Locks: lock.Folders{State: dir}}
	if err := h.Store.Save(t.Context(), "web", auth.Tokens{Access: "canary", Type: "Bearer"}); err != nil {
		t.Fatal(err)
	}
	if err := h.SaveSecret(t.Context(), auth.Tool{ID: "web", Issuer: "https://x.example.com", ClientID: "x"}, "canary"); err != nil {
		t.Fatal(err)
	}
	note.Settings, note.Usual = path, usual
	h.Ledger, h.Store = note, ledger.Store{Store: memory, Ledger: note, Failed: failed}
	return h
}

func TestLeft(t *testing.T) {
	h := keychainOf(t, "/usual.toml", "/usual.toml", true)
	if tokens, secret, err := h.Left(t.Context(), "web"); !tokens || !secret || err != nil {
		t.Errorf("%v %v %v", tokens, secret, err)
	}
	if words := h.Words("web"); words != "the sign-in and the client secret" {
		t.Errorf("it holds %q", words)
	}
	if err := h.DeleteSecret(t.Context(), "web"); err != nil {
		t.Fatal(err)
	}
	if tokens, secret, err := h.Left(t.Context(), "web"); !tokens || secret || err != nil {
		t.Errorf("%v %v %v", tokens, secret, err)
	}
	if tokens, secret, err := h.Left(t.Context(), "other"); tokens || secret || err != nil {
		t.Errorf("%v %v %v", tokens, secret, err)
	}
}

// absent is a keychain that is not there.
type absent struct{ keychain.Store }

func (absent) Peek(context.Context) error {
	return &auth.Error{Kind: auth.KindKeychain, Code: auth.CodeKeychainAbsent, What: "there is no keychain"}
}

// TestLeftWithoutKeychain cannot tell of a tool of which something was noted, and
// knows that nothing is there of any other.
func TestLeftWithoutKeychain(t *testing.T) {
	h := keychainOf(t, "/usual.toml", "/usual.toml", true)
	h.Store = absent{h.Store}
	if _, _, err := h.Left(t.Context(), "web"); err == nil {
		t.Error("what is in a keychain that is not there is known")
	}
	if tokens, secret, err := h.Left(t.Context(), "other"); tokens || secret || err != nil {
		t.Errorf("%v %v %v", tokens, secret, err)
	}
}

// TestForgetUnknown signs out of a tool that no engine knows.
func TestForgetUnknown(t *testing.T) {
	other := filepath.Join(t.TempDir(), "other.toml")
	for name, tt := range map[string]struct {
		from, path string // which settings stored it, and which are in use
		usual      bool
		lines      map[string]int
		lost       bool // the note is gone
		want       string
	}{
		"no longer in the settings": {from: "/usual.toml", path: "/usual.toml", usual: true},
		"in the settings": {
			from: "/usual.toml", path: "/usual.toml", usual: true, lines: map[string]int{"web": 1}, want: unknown.Error(),
		},
		"of other settings": {
			from: other, path: "/mine.toml",
			want: `there is no tool "web" in /mine.toml; what the keychain holds of it is of ` + other +
				": run `keyfob --config " + other + " logout web`",
		},
		"never noted": {from: "/usual.toml", path: "/usual.toml", usual: true, lost: true},
		"never noted, and not the usual settings": {from: "/mine.toml", path: "/mine.toml", lost: true, want: unknown.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			// Settings that are gone own nothing.
			if err := os.WriteFile(other, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			h := keychainOf(t, tt.from, tt.path, tt.usual)
			if tt.lost {
				h.Ledger.Path = filepath.Join(t.TempDir(), "stored.json")
			}
			s := &config.Settings{Path: tt.path, Lines: tt.lines}
			forgotten, err := h.ForgetUnknown(t.Context(), s, "web", unknown)
			tokens, secret, fault := h.Left(t.Context(), "web")
			if fault != nil {
				t.Fatal(fault)
			}
			if tt.want == "" && (err != nil || !slices.Equal(forgotten, []string{"web"}) || tokens || secret) {
				t.Errorf("forgotten %v, %v; tokens %v, secret %v are left", forgotten, err, tokens, secret)
			}
			if tt.want != "" && (err == nil || err.Error() != tt.want || forgotten != nil || !tokens || !secret) {
				t.Errorf("forgotten %v, %v, want %s; tokens %v, secret %v are left", forgotten, err, tt.want, tokens, secret)
			}
		})
	}
}

func TestOrphans(t *testing.T) {
	h := keychainOf(t, "/usual.toml", "/usual.toml", true)
	if got := h.Orphans(&config.Settings{Lines: map[string]int{"web": 3}}); len(got) > 0 {
		t.Errorf("orphans %v of tools that are in the settings", got)
	}
	got := h.Orphans(&config.Settings{})
	if !slices.Equal(got, []string{"web"}) {
		t.Fatalf("orphans %v", got)
	}
	if forgotten, err := h.Forget(t.Context(), got); err != nil || !slices.Equal(forgotten, got) || len(h.Ledger.Names()) > 0 {
		t.Errorf("forgotten %v, %v; noted are still %v", forgotten, err, h.Ledger.Names())
	}
}
