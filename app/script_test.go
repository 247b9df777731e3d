package app_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"keyfob/app"
	"keyfob/app/agent"
	"keyfob/app/caller"
	"keyfob/app/config"
	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/idp"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"keyfob":            keyfob,
		"keyfob-tray":       keyfob,
		"person-at-browser": personAtBrowser,
		"impostor":          impostor,
	})
}

// keyfob is the real program, but that an administrator's tools are in a folder
// beside the home folder.
func keyfob() {
	system := filepath.Join(filepath.Dir(os.Getenv("HOME")), "system")
	os.Exit(app.MainWith(os.Args[1:], config.System{Dir: system, Owner: os.Getuid(), Top: system}))
}

// TestScripts runs the real program as a person types it. There is no desktop
// and no keychain, and an opener that tells when a browser is opened unasked.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: setup,
		Condition: func(cond string) (bool, error) {
			if cond == "root" {
				return os.Getuid() == 0, nil
			}
			return false, fmt.Errorf("there is no condition %s", cond)
		},
		Cmds: commandsOfScripts,
	})
}

var commandsOfScripts = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"person":   person,
	"wait-for": waitForText,
}

// setup gives each script a home, an empty session and a provider of its own.
func setup(env *testscript.Env) error {
	run, err := os.MkdirTemp("", "kf") // a socket's path must be short
	if err != nil {
		return err
	}
	env.Defer(func() { _ = os.RemoveAll(run) })
	env.Defer(func() { quit(filepath.Join(run, "keyfob")) })
	bin := filepath.Join(env.WorkDir, "opener")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return err
	}
	opener := "#!/bin/sh\necho opened >>'" + filepath.Join(env.WorkDir, "opened") + "'\n"
	if err := os.WriteFile(filepath.Join(bin, "xdg-open"), []byte(opener), 0o755); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	env.Defer(cancel)
	p, err := idp.New(idp.Config{
		RSA:     authtest.RSA(),
		Users:   map[string]auth.Secret{"ann": "pw", "bob": "pw"},
		Clients: []idp.Client{{ID: "renews", Refresh: true}, {ID: "ends"}},
	})
	if err != nil {
		return err
	}
	issuer, err := p.Start(ctx)
	if err != nil {
		return err
	}
	home := filepath.Join(env.WorkDir, "home")
	for k, v := range map[string]string{
		"HOME": home, "XDG_CONFIG_HOME": filepath.Join(home, ".config"), "XDG_CONFIG_DIRS": filepath.Join(home, "etc"),
		"XDG_RUNTIME_DIR":          run,
		"DBUS_SESSION_BUS_ADDRESS": "unix:path=" + filepath.Join(run, "nobody"),
		"DBUS_SYSTEM_BUS_ADDRESS":  "unix:path=" + filepath.Join(run, "nobody"),
		"DISPLAY":                  "", "WAYLAND_DISPLAY": "", "KEYFOB_CONFIG": "",
		"PATH":   bin + string(os.PathListSeparator) + env.Getenv("PATH"),
		"ISSUER": issuer, "TEST_SYSTEM": filepath.Join(env.WorkDir, "system"),
	} {
		env.Setenv(k, v)
	}
	return os.MkdirAll(home, 0o700)
}

// quit ends the engine that a script's commands have started, if one runs.
func quit(dir string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	c, err := agent.Dial(ctx, dir)
	if err == nil && c.Quit(ctx) == nil {
		_ = caller.Ended(ctx, dir)
	}
}

// person waits until FILE holds a sign-in address and signs in there, as NAME or
// else as ann: "person FILE [NAME]". With "!" the last page is to say that it
// did not work.
func person(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: person FILE [NAME]")
	}
	who := idp.Person{Username: "ann", Password: "pw"}
	if len(args) == 2 {
		who.Username = args[1]
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for ctx.Err() == nil {
		if address := addressIn(ts.MkAbs(args[0])); address != "" {
			if err := who.SignIn(ctx, address); (err != nil) != neg {
				ts.Fatalf("the person ended with: %v", err)
			}
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	ts.Fatalf("no sign-in address appeared in %s", args[0])
}

func addressIn(file string) string {
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	for s := bufio.NewScanner(f); s.Scan(); {
		if strings.HasPrefix(s.Text(), "http") && strings.Contains(s.Text(), "code_challenge=") {
			return s.Text()
		}
	}
	return ""
}

// waitForText waits until FILE exists, and holds TEXT where that is given:
// "wait-for FILE [TEXT]".
func waitForText(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 1 || len(args) > 2 || neg {
		ts.Fatalf("usage: wait-for FILE [TEXT]")
	}
	var data []byte
	for range 1500 {
		var err error
		if data, err = os.ReadFile(ts.MkAbs(args[0])); err == nil && strings.Contains(string(data), strings.Join(args[1:], "")) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	ts.Fatalf("waited in vain for %q; the file holds %q", args, data)
}
