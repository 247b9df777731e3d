//go:build linux

package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keyfob/app/config"
	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/idp"
	"keyfob/auth/session"
)

// mine is a settings file as people write them.
const mine = `# My tools. The first is IT's.
[reminders]
before = [ "20m" , "2m" ]   # early enough for a coffee

[tools.historian]
name      = "Historian API"
issuer    = "http://127.0.0.1:9"   # not there yet
client_id = "historian"
`

// TestAddAToolByKeyboard is a person who never read the README: they open the
// window, choose a provider, fill in what it needs, save, and sign in, without
// touching a mouse.
func TestAddAToolByKeyboard(t *testing.T) {
	authtest.Need(t, "xdotool")
	p, err := idp.New(idp.Config{Clients: []idp.Client{{ID: "keyfob", Refresh: true}}, Users: map[string]auth.Secret{"anna": "secret"}})
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := p.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d := newDesktop(t, bed.Options{Windows: true})
	opened := filepath.Join(d.Dir, "opened")
	opener := fmt.Appendf(nil, "#!/bin/sh\necho \"$1\" >> %s\n", opened)
	if err := os.WriteFile(filepath.Join(d.Dir, "bin", "xdg-open"), opener, 0o700); err != nil {
		t.Fatal(err)
	}
	d.settings(mine)
	d.startTray()
	d.StartCommand(d.Command(filepath.Join(d.Dir, "bin", "keyfob-window"), "show", "--dir", filepath.Join(d.Runtime, "keyfob"), "add"))
	w := d.WaitWindow("Keyfob: Add a tool")
	d.WaitDrawn(w)
	d.Screenshot("add-choice.png")
	typeIn := func(text string) { d.Run("xdotool", "type", "--delay", "20", text) }
	d.Key(w, "shift")
	typeIn(issuer + "/.well-known/openid-configuration") // a page of the provider, which tells the issuer
	d.Key(w, "Return")
	d.WaitWindow("Keyfob: Add a tool: Another OpenID provider")

	typeIn("Plant 5")
	d.Key(w, "Tab", "Tab")
	typeIn("keyfob")
	d.Key(w, "Return")
	path := filepath.Join(d.Home, ".config", "keyfob", "keyfob.toml")
	d.Wait("the tool in the settings", func() bool {
		text, _ := os.ReadFile(path)
		return strings.Contains(string(text), "[tools.") && string(text) != mine
	})
	text, _ := os.ReadFile(path)
	rest, ok := strings.CutPrefix(string(text), mine)
	if !ok {
		t.Errorf("what was there has changed:\n%s", text)
	}
	s, err := config.Load(path)
	if err != nil || len(s.Tools) != 2 {
		t.Fatalf("the settings are %+v, %v\n%s", s, err, text)
	}
	if got := s.Tools[1]; got.ID != "plant-5" || got.Name != "Plant 5" || got.Issuer != issuer || got.ClientID != "keyfob" ||
		!got.AsksOffline() {
		t.Errorf("the tool is\n%s", rest)
	}

	d.WaitWindow("Keyfob")
	d.Wait("the tool in the engine", func() bool { return strings.Contains(d.keyfob("status").out, "Plant 5") })
	time.Sleep(time.Second) // for the picture, and for the window to know it too
	d.Screenshot("add-done.png")
	d.Key(w, "Return") // the new tool is chosen, and this signs in
	d.Wait("the browser", func() bool { _, err := os.Stat(opened); return err == nil })
	address, _ := os.ReadFile(opened)
	person := idp.Person{Username: "anna", Password: "secret"}
	if err := person.SignIn(t.Context(), strings.TrimSpace(string(address))); err != nil {
		t.Fatal(err)
	}
	d.Wait("the session", func() bool { return d.snapshot("plant-5").State == session.Active })
}

// page opens a page of the window by itself.
func (d *desktop) page(key, title string) bed.Window {
	d.t.Helper()
	d.StartCommand(d.Command(filepath.Join(d.Dir, "bin", "keyfob-window"), "show", "--dir", filepath.Join(d.Runtime, "keyfob"), key))
	w := d.WaitWindow(title)
	d.WaitDrawn(w)
	d.Key(w, "shift") // the focus
	return w
}

// config is the settings file.
func (d *desktop) config() (path, text string) {
	d.t.Helper()
	path = filepath.Join(d.Home, ".config", "keyfob", "keyfob.toml")
	data, err := os.ReadFile(path)
	if err != nil {
		d.t.Fatal(err)
	}
	return path, string(data)
}

// TestImportThingWorxByKeyboard takes over ThingWorx's settings with the client
// secret, which must be in the keychain then and nowhere else.
func TestImportThingWorxByKeyboard(t *testing.T) {
	const canary = "do-not-write-this-anywhere"
	d := newDesktop(t, bed.Options{Windows: true})
	outside := filepath.Join(t.TempDir(), "sso-settings.json")
	if err := os.WriteFile(outside, []byte(`{"AuthorizationServersSettings": {"AzureAd": {
		"clientId": "abc", "clientSecret": "`+canary+`", "clientAuthScheme": "form",
		"authorizeUri": "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/authorize"}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	d.settings(mine)
	d.startTray()
	w := d.page("import", "Keyfob: Import tools")
	d.Run("xdotool", "type", "--delay", "20", outside)
	before := d.Picture()
	d.Key(w, "Return")
	d.Wait("what is in the file", func() bool { return differ(before, d.Picture(), 300, 300, 900, 400) })
	time.Sleep(time.Second) // the focus goes to the button with it
	d.Screenshot("import.png")
	if _, text := d.config(); text != mine {
		t.Fatalf("looking at it wrote:\n%s", text)
	}
	d.Key(w, "shift+Tab", "space", "Tab", "Return") // the box is ahead of the button
	d.Wait("the tool", func() bool { return strings.Contains(d.keyfob("tools", "list").out, "azuread") })
	d.Wait("the client secret in the keychain", func() bool { return d.Secrets() > 0 })
	d.EachFile(func(path string, content []byte) {
		if strings.Contains(string(content), canary) && !strings.Contains(path, "keyring") {
			t.Errorf("the secret is in %s", path)
		}
	})
}

// TestSettingsByKeyboard changes what Keyfob does in its window, each change at
// once in the file, which keeps everything else.
func TestSettingsByKeyboard(t *testing.T) {
	d := newDesktop(t, bed.Options{Windows: true})
	d.settings(mine)
	d.startTray()
	w := d.page("settings", "Keyfob: Settings")
	d.Run("xdotool", "type", "--delay", "20", ", 30 min")
	d.Key(w, "Return")
	want := strings.Replace(mine, `[ "20m" , "2m" ]`, "[", 1)
	d.Wait("the reminder in the file", func() bool { _, text := d.config(); return strings.Contains(text, `"30m"`) })
	_, text := d.config()
	for part := range strings.SplitSeq(want, "[") {
		if last := part[strings.LastIndex(part, "]")+1:]; !strings.Contains(text, strings.TrimSpace(last)) {
			t.Errorf("%q is gone from the file:\n%s", last, text)
		}
	}
	d.Key(w, "Tab", "Tab", "space")
	d.Wait("the notifications in the file", func() bool { _, text := d.config(); return strings.Contains(text, "enabled = false") })
	d.Key(w, "Tab", "space")
	d.Wait("the start at login", func() bool { return strings.HasPrefix(d.keyfob("autostart", "status").out, "on:") })
	d.Screenshot("settings.png")
	s, err := config.Load(filepath.Join(d.Home, ".config", "keyfob", "keyfob.toml"))
	if err != nil || len(s.Reminders) != 3 || !s.Quiet || len(s.Tools) != 1 {
		t.Errorf("the settings are %+v, %v", s, err)
	}
}
