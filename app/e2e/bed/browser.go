//go:build linux

package bed

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"keyfob/auth/authtest"
	"keyfob/auth/authtest/npm"
)

// What the person at the browser does.
const (
	SignIn   = "sign in"
	Cancel   = "cancel"  // at the provider's page
	WalkAway = "wait"    // walks away from the provider's page
	Nothing  = "nothing" // there is no browser: xdg-open fails
)

// Browser is the system browser: a Chromium behind xdg-open, and the person in
// front of it, who acts at once.
type Browser struct {
	b        *Bed
	settings browserSettings
	log      string
}

type browserSettings struct {
	Chromium string `json:"chromium"`
	Does     string `json:"does"`
	Login    string `json:"login"`
	Password string `json:"password"`
	State    string `json:"state"`
	Log      string `json:"log"`
	Shot     string `json:"shot,omitempty"`
	Window   bool   `json:"window,omitempty"`
}

// BrowserEvent is something that happened in the browser.
type BrowserEvent struct {
	Event   string // "opened", "page" (one with a form), "ended" or "failed"
	Address string // of "opened" without state, nonce and challenge; of "ended" without its query
	Title   string
	Text    string
	Error   string
}

func newBrowser(b *Bed) *Browser {
	log := b.path("browser.log")
	br := &Browser{b: b, log: log, settings: browserSettings{
		Does: SignIn, Login: "alice", Password: "correct horse", State: b.path("cookies.json"), Log: log,
	}}
	br.save()
	// Until a browser is installed, none opens, whatever the machine has.
	for _, name := range []string{"xdg-open", "x-www-browser", "sensible-browser"} {
		b.write(b.path("bin/"+name), "#!/bin/sh\nexit 3\n", 0o700)
	}
	if gio, err := exec.LookPath("gio"); err == nil {
		b.write(b.path("bin/gio"), "#!/bin/sh\n[ \"$1\" = open ] && exit 3\nexec '"+gio+"' \"$@\"\n", 0o700)
	}
	return br
}

// Install puts Chromium behind xdg-open. Without it, opening an address fails
// as on a machine without a browser.
func (br *Browser) Install() {
	br.b.t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			br.settings.Chromium = path
			break
		}
	}
	if br.settings.Chromium == "" {
		authtest.Missing(br.b.t, "no Chromium is installed; `make test` installs it where the system has one")
	}
	dir := npm.Dir(br.b.t)
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "playwright-core")); err != nil {
		authtest.Missing(br.b.t, "playwright-core is not installed; `make test` installs it")
	}
	script := replace("#!/bin/sh\nexec 'NODE' 'DIR/browser.mjs' 'SETTINGS' \"$1\"\n",
		"NODE", npm.Node(br.b.t), "DIR", dir, "SETTINGS", br.b.path("browser.json"))
	br.b.write(br.b.path("bin/xdg-open"), script, 0o700)
	br.save()
}

// Does says what the person does from the next opening on.
func (br *Browser) Does(what string) {
	br.settings.Does = what
	br.save()
}

// As says under which name the person signs in from the next opening on, with
// which password.
func (br *Browser) As(login, password string) {
	br.settings.Login, br.settings.Password = login, password
	br.save()
}

// KeepPicture keeps a picture of the page that the next opening ends on.
func (br *Browser) KeepPicture(name string) {
	br.settings.Shot = br.b.Artifact(name)
	br.save()
}

// Events is what happened in the browser so far.
func (br *Browser) Events() []BrowserEvent {
	br.b.t.Helper()
	f, err := os.Open(br.log)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		br.b.t.Fatal(err)
	}
	defer f.Close()
	var all []BrowserEvent
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var s BrowserEvent
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			break // the rest of the line is still being written
		}
		all = append(all, s)
	}
	return all
}

// Opened is how often an address was opened.
func (br *Browser) Opened() int {
	br.b.t.Helper()
	return br.count("opened")
}

// WaitEnd waits until the nth opening, counted from 1, has ended, and returns
// the last page. The test fails if the browser did.
func (br *Browser) WaitEnd(n int) BrowserEvent {
	br.b.t.Helper()
	var end BrowserEvent
	br.b.Wait("the end of a sign-in in the browser", func() bool {
		ended := 0
		for _, s := range br.Events() {
			switch s.Event {
			case "failed":
				br.b.t.Fatalf("the browser failed: %s", s.Error)
			case "ended":
				if ended++; ended == n {
					end = s
				}
			}
		}
		return ended >= n
	})
	return end
}

func (br *Browser) count(event string) int {
	n := 0
	for _, s := range br.Events() {
		if s.Event == event {
			n++
		}
	}
	return n
}

func (br *Browser) save() {
	br.b.t.Helper()
	text, err := json.Marshal(br.settings)
	if err != nil {
		br.b.t.Fatal(err)
	}
	br.b.write(br.b.path("browser.json"), string(text), 0o600)
}

// replace replaces each old by new in turn, all at once.
func replace(s string, oldnew ...string) string { return strings.NewReplacer(oldnew...).Replace(s) }
