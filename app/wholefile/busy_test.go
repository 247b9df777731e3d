package wholefile

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

// TestHeldOpen is a file that another program holds open, as on Windows: it is
// tried for two seconds, and no longer than anybody waits.
func TestHeldOpen(t *testing.T) {
	held := errors.New("sharing violation")
	holds := func(err error) bool { return errors.Is(err, held) }
	for _, tt := range []struct {
		name  string
		until time.Duration // when the other program lets go
		err   error         // what comes instead then; nil for success
		give  time.Duration // when ctx ends; 0 for never
		want  string        // error; empty for none
		took  time.Duration
	}{
		{"not at all", 0, nil, 0, "", 0},
		{"for a moment", 300 * time.Millisecond, nil, 0, "", 300 * time.Millisecond},
		{"for nearly as long as is waited", 1990 * time.Millisecond, nil, 0, "", 2 * time.Second},
		{"for ever", time.Hour, nil, 0, "another program holds the file open", 2 * time.Second},
		{"given up", time.Hour, nil, 500 * time.Millisecond, "another program holds the file open", 500 * time.Millisecond},
		{"and then another fault", 100 * time.Millisecond, errors.New("no space"), 0, "no space", 100 * time.Millisecond},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file")
			if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if tt.give > 0 {
					c, cancel := context.WithTimeout(ctx, tt.give)
					defer cancel()
					ctx = c
				}
				began := time.Now()
				err := write(ctx, path, []byte("new"), 0o600, func(from, to string) error {
					switch {
					case time.Since(began) < tt.until:
						return held
					case tt.err != nil:
						return tt.err
					}
					return os.Rename(from, to)
				}, holds)
				if took := time.Since(began); took < tt.took-retry || took > tt.took+retry {
					t.Errorf("took %v", took)
				}
				if (err == nil) != (tt.want == "") || err != nil && err.Error() != tt.want {
					t.Errorf("error %v", err)
				}
				if tt.until == time.Hour && !errors.Is(err, held) {
					t.Error("the system's error is lost")
				}
				text, want := "", "new"
				if tt.want != "" {
					want = "old"
				}
				if b, err := os.ReadFile(path); err == nil {
					text = string(b)
				}
				if text != want {
					t.Errorf("holds %q", text)
				}
			})
			if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}
