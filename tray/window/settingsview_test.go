package window

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"keyfob/app/setup/form"
	"keyfob/auth"
)

// settingsText writes the page the way that it reads.
func settingsText(m settingsModel) string {
	var b strings.Builder
	result := func(key string) {
		if m.Results[key].Saved {
			fmt.Fprintln(&b, "   Saved.")
		}
		if w := m.Results[key].Wrong; w != "" {
			fmt.Fprintln(&b, "  !", w)
		}
	}
	tick := func(on, off bool, word string) {
		fmt.Fprintf(&b, "%s %s%s\n", map[bool]string{true: "[x]", false: "[ ]"}[on], word, map[bool]string{true: " (off)"}[off])
	}
	if m.Wrong != "" {
		fmt.Fprintln(&b, "!", m.Wrong)
	}
	fmt.Fprintf(&b, "[%s] %s\n", m.Reminders, m.RemindersAre)
	result(setReminders)
	for i, c := range m.Clear {
		if i == m.ClearAt {
			c = "<" + c + ">"
		}
		fmt.Fprint(&b, c, " ")
	}
	fmt.Fprintln(&b)
	result(setClearAfter)
	tick(m.Notifications, m.Off, "notifications")
	result(setNotifications)
	tick(m.Autostart, m.LoginOff, "at login")
	if m.NoAutostart != "" {
		fmt.Fprintln(&b, "  ", m.NoAutostart)
	}
	result(setAutostart)
	fmt.Fprintln(&b, m.File)
	result(setFile)
	return b.String()
}

func usual() *form.Preferences {
	return &form.Preferences{
		File:          "/home/anna/.config/keyfob/keyfob.toml",
		Reminders:     []time.Duration{15 * time.Minute, 5 * time.Minute},
		ClearAfter:    45 * time.Second,
		Notifications: true,
	}
}

func TestSettingsView(t *testing.T) {
	broken, never, foreign := usual(), usual(), usual()
	broken.Problem = &auth.Error{
		Kind: auth.KindSetup,
		What: "/home/anna/keyfob.toml:3:1: not valid TOML",
		Do:   "fix this line",
		Who:  auth.WhoSetup,
	}
	never.Reminders, never.ClearAfter, never.Notifications = nil, 0, false
	never.Autostart, never.AutostartNote = true, "that is not this program"
	foreign.ClearAfter, foreign.NoAutostart = 90*time.Second, "this user has no folder for settings: set HOME"
	const file = "/home/anna/.config/keyfob/keyfob.toml\n"
	typed := "15m, 5x"
	for _, tt := range []struct {
		name  string
		state settingsState
		want  string
	}{
		{"not known yet", settingsState{}, "[] \n\n[ ] notifications (off)\n[ ] at login (off)\n\n"},
		{
			"no engine",
			settingsState{problem: &auth.Error{What: "keyfob is not running", Do: "start it"}},
			"! Keyfob is not running. Start it.\n[] \n\n[ ] notifications (off)\n[ ] at login (off)\n\n",
		},
		{
			"usual",
			settingsState{now: usual(), results: map[string]changeResult{setNotifications: {Saved: true}}},
			"[15m, 5m] You are reminded 15 minutes and 5 minutes ahead.\n" +
				"After 15 seconds <After 45 seconds> After 2 minutes After 10 minutes Never \n[x] notifications\n   Saved.\n" +
				"[ ] at login\n" + file,
		},
		{
			"a file that is broken",
			settingsState{now: broken},
			"! Nothing can be changed here until the settings file is fixed. /home/anna/keyfob.toml:3:1: not valid TOML. " +
				"Fix this line.\n[15m, 5m] You are reminded 15 minutes and 5 minutes ahead.\n" +
				"After 15 seconds <After 45 seconds> After 2 minutes After 10 minutes Never \n[x] notifications (off)\n" +
				"[ ] at login\n" + file,
		},
		{
			"all off",
			settingsState{now: never},
			"[] Nobody is reminded; when access has ended you are asked to sign in again.\n" +
				"After 15 seconds After 45 seconds After 2 minutes After 10 minutes <Never> \n[ ] notifications\n" +
				"[x] at login\n   That is not this program.\n" + file,
		},
		{
			"a time of one's own, and typing",
			settingsState{now: foreign, typed: &typed, results: map[string]changeResult{setReminders: {Wrong: "“5x” is no time."}}},
			"[15m, 5x] \n  ! “5x” is no time.\n" +
				"After 15 seconds After 45 seconds <After 1 minute 30 seconds> After 2 minutes After 10 minutes Never \n" +
				"[x] notifications\n[ ] at login (off)\n   This user has no folder for settings: set HOME.\n" + file,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := settingsText(settingsView(&tt.state)); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestReadSpans(t *testing.T) {
	for typed, want := range map[string]string{
		"15m, 5m": "15m, 5m", "15": "15m", " 1 hour ;30 min,90 seconds,": "1h, 30m, 1m30s", "1h30m": "1h30m", "": "", " , ": "",
		"2 HOURS": "2h", "5 lightyears": "!", "-5m": "!", "0s": "!", "15m 5m": "15m, 5m!",
	} {
		got, err := readSpans(typed)
		switch {
		case want == "!" && err == nil:
			t.Errorf("%q: %v", typed, got)
		case strings.HasSuffix(want, "!"):
		case err != nil || spanText(got) != want:
			t.Errorf("%q: %q, %v", typed, spanText(got), err)
		}
	}
}
