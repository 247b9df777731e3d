//go:build bench && linux

package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/idp"
)

// restingTools is how many tools a person is signed in to.
const restingTools = 20

// resting is an engine that does nothing.
type resting struct {
	name   string
	pid    int
	before map[int]cost // of each process
}

// TestRest measures what engines take while nothing happens: the tray, the engine
// without an icon, and the one that a command has started in the background,
// each with tools that a person is signed in to, and what they take together
// with the keychain's child process. That shares the program's text with its
// engine; an engine without one has all of it for itself. Each runs from a copy of
// its own, since otherwise they would share it, too.
func TestRest(t *testing.T) {
	issuer := startPerson(t)
	var all []*resting
	for _, b := range builds(t) {
		suffix := strings.TrimPrefix(b.name, "keyfob token")

		tray := newPersonsSession(t, b, issuer, bed.Options{NoNotes: true})
		p := tray.StartCommand(tray.Command(tray.build.tray()))
		tray.waitEngine()
		tray.signIn()
		all = append(all, &resting{name: "tray" + suffix, pid: p.PID()})

		agent := newPersonsSession(t, b, issuer, screenless)
		p = agent.startEngine()
		agent.signIn()
		all = append(all, &resting{name: "engine without an icon" + suffix, pid: p.PID()})

		// Without a keychain it stays, for what it has in memory.
		background := newPersonsSession(t, b, issuer, bed.Options{NoDisplay: true, NoTray: true, NoNotes: true, Keyring: bed.Absent})
		if err := background.login(0); err != nil {
			fmt.Printf("%s: no background engine: %v\n", b.name, err)
			continue
		}
		pid := background.Listener(background.socket())
		if pid == 0 {
			fmt.Println(b.name + ": a command leaves no engine in the background")
			continue
		}
		background.signIn()
		all = append(all, &resting{name: "background engine, no keychain" + suffix, pid: pid})
	}

	time.Sleep(settling)
	began := time.Now()
	for _, r := range all {
		r.before = costs(t, r)
	}
	time.Sleep(*idle)
	rows := [][]string{
		{
			fmt.Sprintf("%d signed-in tools, idle %s", restingTools, idle),
			"PSS",
			"anonymous",
			"with its helper",
			"anonymous",
			"switches a minute",
			"CPU s a minute",
		},
	}
	for _, r := range all {
		var used cost
		for pid, now := range costs(t, r) { // the keychain's helper may have ended, as it does when nobody needs it
			one := now.since(r.before[pid])
			used.switches += one.switches
			used.cpu += one.cpu
		}
		minutes := time.Since(began).Minutes()
		own, err := memoryOf(r.pid)
		if err != nil {
			t.Fatal(err)
		}
		both := own
		for _, pid := range treeOf(r.pid)[1:] {
			child, err := memoryOf(pid)
			if err != nil {
				t.Fatal(err)
			}
			both.pss += child.pss
			both.anonymous += child.anonymous
		}
		rows = append(rows, []string{
			r.name, megabytes(own.pss), megabytes(own.anonymous), megabytes(both.pss), megabytes(both.anonymous),
			fmt.Sprintf("%.1f", float64(used.switches)/minutes), fmt.Sprintf("%.4f", used.cpu.Seconds()/minutes),
		})
	}
	table(rows)
}

// costs is what a process and its children have taken so far.
func costs(t *testing.T, r *resting) map[int]cost {
	t.Helper()
	all := map[int]cost{}
	for _, pid := range treeOf(r.pid) {
		c, err := costOf(pid)
		if err != nil {
			t.Fatalf("%s: %v", r.name, err)
		}
		all[pid] = c
	}
	return all
}

// startPerson starts a provider with a person, whose sessions renew.
func startPerson(t *testing.T) (issuer string) {
	t.Helper()
	p, err := idp.New(idp.Config{
		Users:   map[string]auth.Secret{"ann": "pw"},
		Clients: []idp.Client{{ID: "renews", Refresh: true, AccessTTL: 12 * time.Hour}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if issuer, err = p.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return issuer
}

// newPersonsSession is a session of a copy of a build, with tools that a person
// signs in to. The browser notes where it would go.
func newPersonsSession(t *testing.T, b build, issuer string, o bed.Options) *session {
	t.Helper()
	s := &session{bed.Start(t, o), t, b}
	s.build.folder = filepath.Join(s.Dir, "copy")
	if err := os.Mkdir(s.build.folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"keyfob", "keyfob-tray"} {
		data, err := os.ReadFile(filepath.Join(b.folder, name))
		if os.IsNotExist(err) {
			continue // an earlier build is one program
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(s.build.folder, name), data, 0o700)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var text strings.Builder
	for i := range restingTools {
		fmt.Fprintf(
			&text,
			"[tools.tool%d]\nname = \"Tool %d\"\nissuer = %q\nclient_id = \"renews\"\nscopes = [\"openid\", \"offline_access\"]\n",
			i,
			i,
			issuer,
		)
	}
	s.settings(text.String())
	return s
}

// signIn signs in to every tool.
func (s *session) signIn() {
	s.t.Helper()
	for i := range restingTools {
		if err := s.login(i); err != nil {
			s.t.Fatal(err)
		}
	}
}

// login signs in to a tool by `keyfob login`, whose address a scripted person
// takes to the provider.
func (s *session) login(tool int) error {
	cmd := s.Command(s.build.command(), "login", fmt.Sprintf("tool%d", tool), "--no-browser")
	p := s.StartCommand(cmd)
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	for ctx.Err() == nil && p.Running() {
		for _, word := range strings.Fields(p.Output()) {
			if strings.HasPrefix(word, "http") && strings.Contains(word, "code_challenge=") {
				if err := (idp.Person{Username: "ann", Password: "pw"}).SignIn(ctx, word); err != nil {
					return err
				}
				if code := s.Exit(p); code != 0 {
					return fmt.Errorf("keyfob login ended with %d: %s", code, p.Output())
				}
				return nil
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	return fmt.Errorf("keyfob login shows no address: %s", p.Output())
}
