package daemon

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"keyfob/app/lock"
	"keyfob/auth"
)

// TestAsking follows who may be asked for the keychain's password, and when.
func TestAsking(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	one, other := mayAsk(lock.Folders{State: dir}, func() time.Time { return now }), mayAsk(lock.Folders{State: dir}, func() time.Time { return now })
	may := func(what string, ask func(context.Context, bool) (func(bool), error), insist bool, answered bool) {
		t.Helper()
		done, err := ask(t.Context(), insist)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		done(answered)
	}
	mayNot := func(what string, ask func(context.Context, bool) (func(bool), error), code string) {
		t.Helper()
		ctx := t.Context()
		if code == auth.CodeKeychainWaiting {
			var cancel func()
			ctx, cancel = context.WithTimeout(ctx, 300*time.Millisecond)
			defer cancel()
		}
		if _, err := ask(ctx, false); auth.AsError(err) == nil || auth.AsError(err).Code != code {
			t.Errorf("%s: %v, want %s", what, err, code)
		}
	}
	may("at first", one, false, false)
	mayNot("again at once", one, auth.CodeKeychainRefused)
	mayNot("by another process", other, auth.CodeKeychainRefused)
	may("by somebody who insists", other, true, false)
	now = now.Add(askPause - time.Second)
	mayNot("a little later", one, auth.CodeKeychainRefused)
	now = now.Add(2 * time.Second)
	may("later", one, false, true)
	may("after an answer", other, false, false)
	now = now.Add(-time.Hour)
	may("with a clock that was set back", one, false, true)

	done, err := one(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	mayNot("while another asks", other, auth.CodeKeychainWaiting)
	done(true)
	may("when it has asked", other, false, true)

	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Size() != 0 || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has %d bytes and mode %v", f.Name(), info.Size(), info.Mode())
		}
	}

	nowhere := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(nowhere, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	mayNot("without a folder", mayAsk(lock.Folders{State: nowhere}, time.Now), auth.CodeKeychainLocked)
}

// TestAskingIsSharedByAllEngines: engines of one user with different runtime folders
// do not ask a person at the same time, nor one after the other.
func TestAskingIsSharedByAllEngines(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	engine := func() func(context.Context, bool) (func(bool), error) {
		return mayAsk(lock.Folders{State: state, Runtime: filepath.Join(t.TempDir(), "run")}, time.Now)
	}
	one, other := engine(), engine()
	done, err := one(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := other(ctx, true); auth.AsError(err) == nil || auth.AsError(err).Code != auth.CodeKeychainWaiting {
		t.Errorf("while the other asks: %v", err)
	}
	done(false)
	if _, err := other(t.Context(), false); auth.AsError(err) == nil || auth.AsError(err).Code != auth.CodeKeychainRefused {
		t.Errorf("after it asked in vain: %v", err)
	}
}
