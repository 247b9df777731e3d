package config_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/app/config"
)

const day = 24 * time.Hour

// TestSetClearAfter changes one value, and no byte beside it.
func TestSetClearAfter(t *testing.T) {
	for _, tt := range []struct {
		name, before string
		to           time.Duration
		after        string
	}{
		{"missing file", "", time.Minute, "[clipboard]\nclear_after = \"1m\"\n"},
		{
			"value", "# mine\n[clipboard] # c\nclear_after  =  \"45s\" # why\n\n" + good, 90 * time.Minute,
			"# mine\n[clipboard] # c\nclear_after  =  \"1h30m\" # why\n\n" + good,
		},
		{"single quotes", "[clipboard]\nclear_after = '30s'", 0, "[clipboard]\nclear_after = \"0s\""},
		{"dotted", "clipboard.clear_after = \"30s\" # x\n", time.Hour, "clipboard.clear_after = \"1h\" # x\n"},
		{"inline", "clipboard = { clear_after = \"30s\" } # x\n", time.Hour, "clipboard = { clear_after = \"1h\" } # x\n"},
		{"quoted key", "[clipboard]\n\"clear_after\"=\"30s\"\n", time.Hour, "[clipboard]\n\"clear_after\"=\"1h\"\n"},
		{"table without it", "[clipboard] # c\n\n# end\n" + good, time.Hour, "[clipboard] # c\nclear_after = \"1h\"\n\n# end\n" + good},
		{"table without a line end", "[clipboard]", time.Hour, "[clipboard]\nclear_after = \"1h\"\n"},
		{"no table", good + "# end", time.Hour, good + "# end\n\n[clipboard]\nclear_after = \"1h\"\n"},
		{"Windows", "\xef\xbb\xbf# x\r\n[clipboard]\r\n", time.Hour, "\xef\xbb\xbf# x\r\n[clipboard]\r\nclear_after = \"1h\"\r\n"},
		{"the same in other words", "[clipboard]\nclear_after = \"60s\"\n", time.Minute, "[clipboard]\nclear_after = \"60s\"\n"},
		{"the default", "# nothing\n", config.DefaultClearAfter, "# nothing\n"},
		{
			"beside a bad tool", "[tools.bad]\nissuer = \"http://x\"\n", time.Hour,
			"[tools.bad]\nissuer = \"http://x\"\n\n[clipboard]\nclear_after = \"1h\"\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := write(t, tt.before)
			if tt.before == "" {
				path = filepath.Join(t.TempDir(), "new", "keyfob.toml")
			}
			if err := config.SetClearAfter(t.Context(), path, tt.to); err != nil {
				t.Fatal(err)
			}
			if got := read(t, path); got != tt.after {
				t.Errorf("\n%q\nwant\n%q", got, tt.after)
			}
			if s, err := config.Load(path); err != nil || s.ClearAfter != tt.to {
				t.Errorf("%+v %v", s, err)
			}
		})
	}
}

func TestSetNotifications(t *testing.T) {
	path := write(t, good)
	for _, tt := range []struct {
		on   bool
		want string
	}{
		{true, good}, // nobody said otherwise
		{false, good + "\n[notifications]\nenabled = false\n"},
		{true, good + "\n[notifications]\nenabled = true\n"},
	} {
		if err := config.SetNotifications(t.Context(), path, tt.on); err != nil {
			t.Fatal(err)
		}
		s, err := config.Load(path)
		if got := read(t, path); err != nil || got != tt.want || s.Quiet == tt.on {
			t.Errorf("%v %v: %q", tt.on, err, got)
		}
	}
	if s := load(t, ""); s.Quiet {
		t.Error("no notifications by default")
	}
}

func TestSetReminders(t *testing.T) {
	minutes := func(all ...int) []time.Duration {
		var spans []time.Duration
		for _, m := range all {
			spans = append(spans, time.Duration(m)*time.Minute)
		}
		return spans
	}
	const lines = "[reminders]\nbefore = [ # ahead\n  \"1h\",   # coffee\n\t# later\n  '15m', # not \"5m\"\n  \"300s\"  # last\n] # end\n"
	for _, tt := range []struct {
		name, before string
		to           []time.Duration
		after        string
	}{
		{"empty file", "", minutes(30), "[reminders]\nbefore = [\"30m\"]\n"},
		{"none", "[reminders]\nbefore = [\"30m\"] # x\n", nil, "[reminders]\nbefore = [] # x\n"},
		{"from none", "[reminders]\nbefore = []\n", minutes(5, 90, 5), "[reminders]\nbefore = [\"1h30m\", \"5m\"]\n"},
		{
			"spelling and spaces stay", "[reminders]\nbefore = [ '60m', \"5m\", ]\n", minutes(60, 10),
			"[reminders]\nbefore = [ '60m', \"10m\", ]\n",
		},
		{
			"the same in another order", "[reminders]\nbefore = [\"5m\", \"60m\"]\n", minutes(60, 5),
			"[reminders]\nbefore = [\"5m\", \"60m\"]\n",
		},
		{"one more", lines, minutes(60, 30, 15, 5), strings.Replace(lines, "  '15m'", "  \"30m\",\n  '15m'", 1)},
		{"a longer one", lines, minutes(120, 60, 15, 5), strings.Replace(lines, "  \"1h\"", "  \"2h\",\n  \"1h\"", 1)},
		{"a shorter one", lines, minutes(60, 15, 5, 1), strings.Replace(lines, "\"300s\"  # last\n", "\"300s\",  # last\n  \"1m\",\n", 1)},
		{"one less", lines, minutes(60, 5), strings.Replace(lines, "  '15m', # not \"5m\"\n", "", 1)},
		{"the last less", lines, minutes(60, 15), strings.Replace(lines, "  \"300s\"  # last\n", "", 1)},
		{"all others", lines, minutes(2), "[reminders]\nbefore = [\"2m\" # ahead\n\t# later\n] # end\n"},
		{
			"two on a line", "[reminders]\nbefore = [\n\"1h\", \"5m\"\n]\n", minutes(60, 5, 1),
			"[reminders]\nbefore = [\n\"1h\", \"5m\", \"1m\",\n]\n",
		},
		{
			"twice the same", "[reminders]\nbefore = [\n\"5m\",\n\"300s\",\n]\n", minutes(5, 1),
			"[reminders]\nbefore = [\n\"5m\",\n\"1m\",\n]\n",
		},
		{
			"Windows", "[reminders]\r\nbefore = [\r\n  \"5m\"\r\n]\r\n", minutes(10, 5, 1),
			"[reminders]\r\nbefore = [\r\n  \"10m\",\r\n  \"5m\",\r\n  \"1m\",\r\n]\r\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := write(t, tt.before+good)
			if err := config.SetReminders(t.Context(), path, tt.to); err != nil {
				t.Fatal(err)
			}
			want := tt.after + good
			if tt.before == "" {
				want = good + "\n" + tt.after
			}
			if got := read(t, path); got != want {
				t.Errorf("\n%q\nwant\n%q", got, want)
			}
			slices.SortFunc(tt.to, func(a, b time.Duration) int { return int(b - a) })
			if s, err := config.Load(path); err != nil || !slices.Equal(s.Reminders, slices.Compact(tt.to)) ||
				!slices.Equal(s.Tools[0].Reminders, s.Reminders) {
				t.Errorf("%+v %v", s, err)
			}
		})
	}
}

// TestSetRefuses checks that whatever is refused leaves the file alone.
func TestSetRefuses(t *testing.T) {
	reminders := func(all ...time.Duration) func(string) error {
		return func(path string) error { return config.SetReminders(t.Context(), path, all) }
	}
	after := func(d time.Duration) func(string) error {
		return func(path string) error { return config.SetClearAfter(t.Context(), path, d) }
	}
	for _, tt := range []struct {
		name, text string
		set        func(string) error
		want       string
	}{
		{"reminder too short", good, reminders(time.Hour, 0), "a reminder cannot be 0s: choose a time span from 1s to 168h"},
		{"reminder too long", good, reminders(8 * day), "a reminder cannot be 192h: choose a time span from 1s to 168h"},
		{
			"below nothing", good, after(-time.Second),
			"the time that a token stays in the clipboard cannot be -1s: choose a time span from 0s to 24h",
		},
		{
			"too long", good, after(25 * time.Hour),
			"the time that a token stays in the clipboard cannot be 25h: choose a time span from 0s to 24h",
		},
		{"file that cannot be loaded", "oops\n", after(time.Hour), "FILE:1:5: not valid TOML, expected '=' after key: fix this line"},
		{
			"value that cannot be used", "[clipboard]\nclear_after = 45\n", after(time.Hour),
			"FILE:2:1: \"clear_after\" is a number, not text: write it in quotes: clear_after = \"…\"",
		},
		{
			"text of several lines", "[clipboard]\nclear_after = \"\"\"45s\"\"\"\n", after(time.Hour),
			"\"clear_after\" in [clipboard] of FILE could not be changed as the file is written: write clear_after = \"1h\" there " +
				"with an editor",
		},
		{
			"empty inline table", "clipboard = {}\n", after(time.Hour),
			"\"clear_after\" in [clipboard] of FILE could not be changed as the file is written: write clear_after = \"1h\" there " +
				"with an editor",
		},
		{
			"escapes", "[reminders]\nbefore = [\"\\u0035m\"]\n", reminders(time.Hour),
			"\"before\" in [reminders] of FILE could not be changed as the file is written: write before = [\"1h\"] there with an editor",
		},
		{
			"switched on by text", "[notifications]\nenabled = \"yes\"\n",
			func(path string) error { return config.SetNotifications(t.Context(), path, false) },
			"FILE:2:1: \"enabled\" is text, not true or false: write it without quotes: enabled = true, or false",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := write(t, tt.text)
			err := tt.set(path)
			if err == nil {
				t.Fatal("set")
			}
			if got := strings.ReplaceAll(err.Error(), path, "FILE"); got != tt.want {
				t.Errorf("\ngot  %s\nwant %s", got, tt.want)
			}
			if got := read(t, path); got != tt.text {
				t.Errorf("the file changed: %q", got)
			}
		})
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// FuzzSet holds that a value which is set is read back, and that nothing else
// of the file goes, whatever it looks like.
func FuzzSet(f *testing.F) {
	for _, text := range []string{
		"", "\n", "# x", full, good,
		"[clipboard]\nclear_after = \"1m\" # x\n[reminders]\nbefore = [\"1h\", # y\n '5m' ]\n",
		"clipboard.clear_after='0s'\nreminders = { before = [ ] }\nnotifications.enabled=false",
		"\xef\xbb\xbf[reminders]\r\nbefore=[\r\n\"5m\"\r\n]\r\n[notifications]\r\n",
	} {
		f.Add(text, int64(time.Hour))
	}
	path := filepath.Join(f.TempDir(), "keyfob.toml")
	f.Fuzz(func(t *testing.T, text string, nanos int64) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := config.Load(path)
		if err != nil {
			return
		}
		span := time.Duration(nanos)
		for i, set := range []struct {
			do func() error
			ok func(*config.Settings) bool
		}{
			{
				func() error { return config.SetClearAfter(t.Context(), path, span) },
				func(s *config.Settings) bool { return s.ClearAfter == span },
			},
			{
				func() error { return config.SetNotifications(t.Context(), path, s.Quiet) },
				func(now *config.Settings) bool { return now.Quiet != s.Quiet },
			},
			{func() error { return config.SetReminders(t.Context(), path, append(slices.Clone(s.Reminders), span)) }, func(now *config.Settings) bool {
				return slices.Contains(now.Reminders, span) && len(now.Reminders) >= len(s.Reminders)
			}},
		} {
			before := read(t, path)
			err := set.do()
			after := read(t, path)
			if err != nil {
				if after != before {
					t.Fatalf("%v, and %q became %q", err, before, after)
				}
				continue
			}
			now, err := config.Load(path)
			if err != nil || !set.ok(now) || len(now.Tools) != len(s.Tools) {
				t.Fatalf("%q became %q: %+v %v", before, after, now, err)
			}
			if lost := lost(before, after); i < 2 && strings.ContainsAny(lost, "#\n") {
				t.Fatalf("%q became %q without %q", before, after, lost)
			}
			for _, mark := range []string{"#", "\n", "="} {
				if strings.Count(after, mark) < strings.Count(before, mark) {
					t.Fatalf("%q became %q with fewer %q", before, after, mark)
				}
			}
		}
	})
}

// lost is what lies between the common beginning and the common end of before
// and after, in before.
func lost(before, after string) string {
	i := 0
	for i < min(len(before), len(after)) && before[i] == after[i] {
		i++
	}
	before, after = before[i:], after[i:]
	j := 0
	for j < min(len(before), len(after)) && before[len(before)-1-j] == after[len(after)-1-j] {
		j++
	}
	return before[:len(before)-j]
}
