package setup

import (
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/authtest"
)

func TestPreferencesAreWrittenAtOnce(t *testing.T) {
	d, inEffect := setUp(t, before)
	p, err := d.Preferences(t.Context())
	if err != nil || p.File != d.Path || p.Problem != nil || len(p.Reminders) != 1 || p.ClearAfter != 45*time.Second || !p.Notifications {
		t.Fatalf("at first %+v, %v", p, err)
	}
	earlier, never, off := []time.Duration{5 * time.Minute, time.Hour}, time.Duration(0), false
	for _, c := range []form.Change{{Reminders: &earlier}, {ClearAfter: &never}, {Notifications: &off}} {
		if p, err = d.Change(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.Reminders) != 2 || p.Reminders[0] != time.Hour || p.ClearAfter != 0 || p.Notifications {
		t.Errorf("at last %+v", p)
	}
	if inEffect().ClearAfter != 0 {
		t.Error("what runs does not know")
	}
	text, _ := os.ReadFile(d.Path)
	for _, part := range []string{"# mine\n", "# early", "[tools.plant-4]\nname = \"Plant 4\"\n"} {
		if !strings.Contains(string(text), part) {
			t.Errorf("%q is gone from the file:\n%s", part, text)
		}
	}
	endless := []time.Duration{1000 * time.Hour}
	now := string(text)
	if _, err := d.Change(t.Context(), form.Change{Reminders: &endless}); auth.KindOf(err) != auth.KindUsage {
		t.Errorf("a reminder weeks ahead: %v", err)
	}
	if text, _ := os.ReadFile(d.Path); string(text) != now {
		t.Errorf("refusing it wrote:\n%s", text)
	}
}

func TestStartAtLogin(t *testing.T) {
	if runtime.GOOS == "windows" {
		authtest.NotHere(t, "the entry is one of a Unix desktop")
	}
	d, _ := setUp(t, "")
	for _, on := range []bool{true, true, false, false} {
		p, err := d.Change(t.Context(), form.Change{Autostart: &on})
		if err != nil || p.Autostart != on || p.NoAutostart != "" {
			t.Errorf("switching to %v: %+v, %v", on, p, err)
		}
	}
	if _, err := os.Stat(d.Path); err == nil {
		t.Error("it wrote into the settings file")
	}
}

// TestPreferencesOfABrokenFile: it is left alone, and the window can say why.
func TestPreferencesOfABrokenFile(t *testing.T) {
	const text = "[tools.plant\n"
	d, _ := setUp(t, before)
	if err := os.WriteFile(d.Path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := d.Preferences(t.Context())
	if err != nil || p.Problem == nil || len(p.Reminders) != 1 || !strings.Contains(p.Problem.What, ":1:") {
		t.Errorf("got %+v, %v", p, err)
	}
	off := false
	if _, err := d.Change(t.Context(), form.Change{Notifications: &off}); err == nil {
		t.Error("it was changed")
	}
	if now, _ := os.ReadFile(d.Path); string(now) != text {
		t.Errorf("the file became:\n%s", now)
	}
}
