//go:build unix

package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/app/config"
	"keyfob/auth"
)

// folder makes an administrator's folder with files, by their names.
func folder(t *testing.T, files map[string]string) config.System {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "keyfob.d")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	mode(0o755)(t, "", dir)
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		mode(0o644)(t, "", file)
	}
	return config.System{Dir: dir, Owner: os.Getuid(), Top: dir}
}

func table(id, name string) string {
	return "[tools." + id + "]\nname = \"" + name + "\"\nissuer = \"https://sso.example.com\"\nclient_id = \"x\"\n"
}

func ids(tools []auth.Tool) (all []string) {
	for _, t := range tools {
		all = append(all, t.ID+" "+t.Name)
	}
	return all
}

// TestLoadAll puts an administrator's tools before the user's.
func TestLoadAll(t *testing.T) {
	system := folder(t, map[string]string{
		"20-b.toml": "\xef\xbb\xbf" + table("b", "B"), "10-a.toml": "# all\n\n" + table("z", "Z") + table("a", "A"),
		"30.conf": "oops", ".hidden.toml": "oops", "toml": "oops",
	})
	path := write(t, "[reminders]\nbefore = [\"1h\"]\n"+table("own", "Own")+table("a", "Mine")+table("c", " b ")+table("other", "b"))
	s, err := config.LoadAll(path, system)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"z Z", "a A", "b B", "own Own", "other b (other)"}; !slices.Equal(ids(s.Tools), want) {
		t.Errorf("tools %q, want %q", ids(s.Tools), want)
	}
	for _, tool := range s.Tools {
		if !slices.Equal(tool.Reminders, []time.Duration{time.Hour}) {
			t.Errorf("%s reminds at %v", tool.ID, tool.Reminders)
		}
	}
	file := func(name string) string { return filepath.Join(system.Dir, name) }
	if want := map[string]string{"z": file("10-a.toml"), "a": file("10-a.toml"), "b": file("20-b.toml")}; !reflect.DeepEqual(
		s.Administrators,
		want,
	) {
		t.Errorf("files %v, want %v", s.Administrators, want)
	}
	if s.Lines["z"] != 3 || s.Lines["a"] != 7 || s.Lines["own"] != 3 {
		t.Errorf("lines %v", s.Lines)
	}
	if len(s.Bad) != 1 || s.Bad[0].ID != "c" { // a name with spaces at its ends
		t.Errorf("bad %v", s.Bad)
	}
	if err := s.NotYours("own", ""); err != nil {
		t.Error(err)
	}
	if err := s.NotYours("a", "do it"); auth.KindOf(err) != auth.KindUsage ||
		!strings.HasSuffix(err.Error(), "10-a.toml:7: ask the administrator of this machine to do it") {
		t.Error(err)
	}
}

// TestLoadAllWithoutFolder is the usual case.
func TestLoadAllWithoutFolder(t *testing.T) {
	path := write(t, good)
	want := load(t, good)
	want.Path = path
	top := t.TempDir()
	mode(0o755)(t, "", top)
	for _, system := range []config.System{
		{}, {Dir: filepath.Join(top, "none"), Owner: os.Getuid(), Top: top}, {Dir: filepath.Join(top, "none", "none"), Owner: os.Getuid()}, folder(t, nil),
	} {
		got, err := config.LoadAll(path, system)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v %v\nwant %+v", system.Dir, got, err, want)
		}
	}
}

// TestLoadAllBeforeBrokenSettings gives the administrator's tools with the
// error.
func TestLoadAllBeforeBrokenSettings(t *testing.T) {
	s, err := config.LoadAll(write(t, "oops\n"), folder(t, map[string]string{"a.toml": table("a", "A")}))
	if err == nil || !slices.Equal(ids(s.Tools), []string{"a A"}) || s.ClearAfter != config.DefaultClearAfter {
		t.Errorf("%+v %v", s, err)
	}
}

// TestIgnored holds the words for what is wrong with an administrator's file,
// and that the other files work.
func TestIgnored(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		prepare    func(t *testing.T, dir, file string)
		want       string
	}{
		{"not TOML", "oops\n", nil, `DIR/20.toml:1:5: not valid TOML, expected '=' after key: fix this line`},
		{
			"unknown key", table("b", "B") + "tenat = \"x\"\n", nil,
			`DIR/20.toml:5:1: unknown key "tenat" in [tools.b]: did you mean "tenant"?`,
		},
		{
			"reminders", "[reminders]\nbefore = []\n" + table("b", "B"), nil,
			`DIR/20.toml:1:2: "reminders" is each user's own: leave it out here, where only background and [tools.ID] belong`,
		},
		{
			"clipboard behind a tool", table("b", "B") + "[clipboard]\n", nil,
			`DIR/20.toml:5:2: "clipboard" is each user's own: leave it out here, where only background and [tools.ID] belong`,
		},
		{
			"notifications", "notifications.enabled = false\n", nil,
			`DIR/20.toml:1:1: "notifications" is each user's own: leave it out here, where only background and [tools.ID] belong`,
		},
		{"no tables", "tools = 1\n", nil, `DIR/20.toml:1:1: "tools" is a number, not a table: write each tool as [tools.ID]`},
		{
			"taken", table("a", "A2"), nil,
			`DIR/20.toml:1:8: the tool "a" is not used, since DIR/10.toml:1 has it already: remove one of them`,
		},
		{
			"writable", table("b", "B"), mode(0o664),
			`DIR/20.toml can be changed by others than OWNER (its mode is 0664), so none of its tools is used: ask the administrator ` +
				`of this machine to run ` + "`chmod go-w` on it",
		},
		{
			"writable by all", table("b", "B"), mode(0o646),
			`DIR/20.toml can be changed by others than OWNER (its mode is 0646), so none of its tools is used: ask the administrator ` +
				`of this machine to run ` + "`chmod go-w` on it",
		},
		{"a folder", table("b", "B"), func(t *testing.T, _, file string) {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(file, 0o755); err != nil {
				t.Fatal(err)
			}
		}, `DIR/20.toml is a folder and not a file, so none of its tools is used: ask the administrator of this machine to put a file ` +
			`there, or remove it`},
		{"a link to nowhere", table("b", "B"), func(t *testing.T, dir, file string) {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(filepath.Join(dir, "none"), file); err != nil {
				t.Fatal(err)
			}
		}, `DIR/20.toml cannot be read (no such file or directory), so none of its tools is used: ask the administrator of this ` +
			`machine to make it readable by everybody`},
		{
			"large", strings.Repeat("# more than there can be\n", 50_000), nil,
			`DIR/20.toml is larger than 1 MiB, so none of its tools is used: ask the administrator of this machine to split it into ` +
				`several files`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			system := folder(t, map[string]string{"10.toml": table("a", "A"), "20.toml": tt.text, "30.toml": table("c", "C")})
			if tt.prepare != nil {
				tt.prepare(t, system.Dir, filepath.Join(system.Dir, "20.toml"))
			}
			s, err := config.LoadAll(write(t, good), system)
			if err != nil {
				t.Fatal(err)
			}
			if want := []string{"a A", "c C", "good Good"}; !slices.Equal(ids(s.Tools), want) || len(s.Bad) > 0 {
				t.Errorf("tools %q, want %q; bad %v", ids(s.Tools), want, s.Bad)
			}
			if got := ignored(s, system); !slices.Equal(got, []string{tt.want}) {
				t.Errorf("\ngot  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// TestDefaultSystem keeps the place that documentation names.
func TestDefaultSystem(t *testing.T) {
	if s := config.DefaultSystem(); s.Owner != 0 ||
		s.Dir != "/etc/keyfob/keyfob.d" && s.Dir != "/Library/Application Support/keyfob/keyfob.d" {
		t.Errorf("%+v", s)
	}
}

// ignored are the words for what was passed over, wherever the folder is and
// whoever runs the test.
func ignored(s *config.Settings, system config.System) (all []string) {
	for _, e := range s.Ignored {
		all = append(all, placeless(e.Error(), system))
	}
	return all
}

// TestSharedRedirectsAreMarked reads tools of a person and of an administrator
// that have one redirect URI at two providers.
func TestSharedRedirectsAreMarked(t *testing.T) {
	tool := func(id, issuer, more string) string {
		return "[tools." + id + "]\nissuer = \"" + issuer + "\"\nclient_id = \"c\"\n" + more
	}
	const uri = "redirect = \"http://127.0.0.1/callback\"\n"
	path := write(t, tool("mine", "https://a.example.com", uri)+tool("own", "https://c.example.com", ""))
	s, err := config.LoadAll(path, folder(t, map[string]string{"10-a.toml": tool("theirs", "https://b.example.com", uri)}))
	if err != nil || len(s.Tools) != 3 {
		t.Fatalf("%+v, %v", s, err)
	}
	want := map[string][]string{"mine": {"theirs"}, "theirs": {"mine"}}
	for _, tool := range s.Tools {
		if !slices.Equal(tool.SharesRedirect, want[tool.ID]) {
			t.Errorf("%s shares with %q", tool.ID, tool.SharesRedirect)
		}
	}
}

func placeless(s string, system config.System) string {
	return strings.NewReplacer(system.Dir, "DIR", system.Top, "TOP", "than root", "than OWNER", fmt.Sprint("than user "+
		"", system.Owner), "than OWNER").
		Replace(s)
}
