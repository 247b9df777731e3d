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
	r := newRig(t, bed.Options{Windows: true})
	opened := filepath.Join(r.Dir, "opened")
	if err := os.WriteFile(filepath.Join(r.Dir, "bin", "xdg-open"), fmt.Appendf(nil, "#!/bin/sh\necho \"$1\" >> %s\n", opened), 0o700); err != nil {
		t.Fatal(err)
	}
	r.settings(mine)
	r.start()
	r.StartCommand(r.Command(filepath.Join(r.Dir, "bin", "keyfob-window"), "show", "--dir", filepath.Join(r.Runtime, "keyfob"), "add"))
	w := r.WaitWindow("Keyfob: Add a tool")
	r.WaitDrawn(w)
	r.Screenshot("add-choice.png")
	typeIn := func(text string) { r.Run("xdotool", "type", "--delay", "20", text) }
	r.Key(w, "shift")
	typeIn(issuer + "/.well-known/openid-configuration") // a page of the provider, which tells the issuer
	r.Key(w, "Return")
	r.WaitWindow("Keyfob: Add a tool: Another OpenID provider")

	typeIn("Plant 5")
	r.Key(w, "Tab", "Tab")
	typeIn("keyfob")
	r.Key(w, "Return")
	path := filepath.Join(r.Home, ".config", "keyfob", "keyfob.toml")
	r.Wait("the tool in the settings", func() bool {
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

	r.WaitWindow("Keyfob")
	r.Wait("the tool in the engine", func() bool { return strings.Contains(r.keyfob("status").out, "Plant 5") })
	time.Sleep(time.Second) // for the picture, and for the window to know it too
	r.Screenshot("add-done.png")
	r.Key(w, "Return") // the new tool is chosen, and this signs in
	r.Wait("the browser", func() bool { _, err := os.Stat(opened); return err == nil })
	address, _ := os.ReadFile(opened)
	person := idp.Person{Username: "anna", Password: "secret"}
	if err := person.SignIn(t.Context(), strings.TrimSpace(string(address))); err != nil {
		t.Fatal(err)
	}
	r.Wait("the session", func() bool { return r.snapshot("plant-5").State == session.Active })
}

// page opens a page of the window by itself.
func (r *rig) page(key, title string) bed.Window {
	r.t.Helper()
	r.StartCommand(r.Command(filepath.Join(r.Dir, "bin", "keyfob-window"), "show", "--dir", filepath.Join(r.Runtime, "keyfob"), key))
	w := r.WaitWindow(title)
	r.WaitDrawn(w)
	r.Key(w, "shift") // the focus
	return w
}

// config is the settings file.
func (r *rig) config() (path, text string) {
	r.t.Helper()
	path = filepath.Join(r.Home, ".config", "keyfob", "keyfob.toml")
	data, err := os.ReadFile(path)
	if err != nil {
		r.t.Fatal(err)
	}
	return path, string(data)
}

// TestImportThingWorxByKeyboard takes over ThingWorx's settings with the client
// secret, which must be in the keychain then and nowhere else.
func TestImportThingWorxByKeyboard(t *testing.T) {
	const canary = "do-not-write-this-anywhere"
	r := newRig(t, bed.Options{Windows: true})
	outside := filepath.Join(t.TempDir(), "sso-settings.json")
	if err := os.WriteFile(outside, []byte(`{"AuthorizationServersSettings": {"AzureAd": {
		"clientId": "abc", "clientSecret": "`+canary+`", "clientAuthScheme": "form",
		"authorizeUri": "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/authorize"}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	r.settings(mine)
	r.start()
	w := r.page("import", "Keyfob: Import tools")
	r.Run("xdotool", "type", "--delay", "20", outside)
	before := r.Picture()
	r.Key(w, "Return")
	r.Wait("what is in the file", func() bool { return differ(before, r.Picture(), 300, 300, 900, 400) })
	time.Sleep(time.Second) // the focus goes to the button with it
	r.Screenshot("import.png")
	if _, text := r.config(); text != mine {
		t.Fatalf("looking at it wrote:\n%s", text)
	}
	r.Key(w, "shift+Tab", "space", "Tab", "Return") // the box is ahead of the button
	r.Wait("the tool", func() bool { return strings.Contains(r.keyfob("tools", "list").out, "azuread") })
	r.Wait("the client secret in the keychain", func() bool { return r.Secrets() > 0 })
	r.EachFile(func(path string, content []byte) {
		if strings.Contains(string(content), canary) && !strings.Contains(path, "keyring") {
			t.Errorf("the secret is in %s", path)
		}
	})
}

// TestSettingsByKeyboard changes what Keyfob does in its window, each change at
// once in the file, which keeps everything else.
func TestSettingsByKeyboard(t *testing.T) {
	r := newRig(t, bed.Options{Windows: true})
	r.settings(mine)
	r.start()
	w := r.page("settings", "Keyfob: Settings")
	r.Run("xdotool", "type", "--delay", "20", ", 30 min")
	r.Key(w, "Return")
	want := strings.Replace(mine, `[ "20m" , "2m" ]`, "[", 1)
	r.Wait("the reminder in the file", func() bool { _, text := r.config(); return strings.Contains(text, `"30m"`) })
	_, text := r.config()
	for part := range strings.SplitSeq(want, "[") {
		if last := part[strings.LastIndex(part, "]")+1:]; !strings.Contains(text, strings.TrimSpace(last)) {
			t.Errorf("%q is gone from the file:\n%s", last, text)
		}
	}
	r.Key(w, "Tab", "Tab", "space")
	r.Wait("the notifications in the file", func() bool { _, text := r.config(); return strings.Contains(text, "enabled = false") })
	r.Key(w, "Tab", "space")
	r.Wait("the start at login", func() bool { return strings.HasPrefix(r.keyfob("autostart", "status").out, "on:") })
	r.Screenshot("settings.png")
	s, err := config.Load(filepath.Join(r.Home, ".config", "keyfob", "keyfob.toml"))
	if err != nil || len(s.Reminders) != 3 || !s.Quiet || len(s.Tools) != 1 {
		t.Errorf("the settings are %+v, %v", s, err)
	}
}
