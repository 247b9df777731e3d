package daemon

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"keyfob/app/config"
)

// TestSettingsThatBreak changes the settings of an engine while it runs, and
// breaks them: the last good ones stay, with the reason.
func TestSettingsThatBreak(t *testing.T) {
	const tool = "[tools.plant4]\nname = \"Plant 4\"\nissuer = \"https://login.example.com\"\nclient_id = \"keyfob\"\n"
	path := filepath.Join(t.TempDir(), "folder", "keyfob.toml") // the folder comes with the first start
	s := openSettings(path, config.System{})
	if good, problem := s.Last(); problem != nil || len(good.Tools) != 0 {
		t.Fatalf("without a file: %+v, %v", good, problem)
	}
	ctx, cancel := context.WithCancel(t.Context())
	changed, ended := make(chan struct{}), make(chan struct{})
	go func() {
		s.Watch(ctx, func(ctx context.Context) {
			select {
			case changed <- struct{}{}:
			case <-ctx.Done():
			}
		})
		close(ended)
	}()
	defer func() { cancel(); <-ended }()
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		<-changed
	}
	write(tool)
	if good, _ := s.Last(); len(good.Tools) != 0 {
		t.Errorf("before they are read again: %+v", good.Tools)
	}
	if good := s.Reread(); len(good.Tools) != 1 {
		t.Errorf("a tool was added: %+v", good.Tools)
	}
	write(tool + "[tools.")
	good := s.Reread()
	if last, problem := s.Last(); len(good.Tools) != 1 || last != good || problem == nil {
		t.Errorf("broken: %+v, %v", last, problem)
	}
	if now, problem := s.Load(); problem == nil || len(now.Tools) != 0 {
		t.Errorf("what the file says by itself: %+v, %v", now, problem)
	}
	write(tool)
	s.Reread()
	if _, problem := s.Last(); problem != nil {
		t.Errorf("in order again: %v", problem)
	}
}
