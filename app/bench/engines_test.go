//go:build bench && linux

package bench

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"keyfob/app/e2e/bed"
)

// build is one build of Keyfob.
type build struct {
	name   string // in the tables
	folder string
}

// builds are this build, and the earlier one that -before names.
func builds(t *testing.T) []build {
	t.Helper()
	program(t, "keyfob")
	all := []build{{"keyfob token", *bin}}
	if *before != "" {
		all = append(all, build{"keyfob token, before", *before})
	}
	return all
}

// tray is the program that has the engine; an earlier build's was keyfob.
func (b build) tray() string {
	path := filepath.Join(b.folder, "keyfob-tray")
	if _, err := os.Stat(path); err != nil {
		return b.command()
	}
	return path
}

func (b build) command() string { return filepath.Join(b.folder, "keyfob") }

// session is a person's session, with a keychain and settings.
type session struct {
	*bed.Bed
	t     *testing.T
	build build
}

// newSession is a session whose settings have so many tools, service accounts all:
// bench gets its token at once, slow after a while.
func newSession(t *testing.T, b build, p *provider, tools int, o bed.Options) *session {
	t.Helper()
	s := &session{bed.Start(t, o), t, b}
	var text strings.Builder
	for i := range tools {
		name, path := fmt.Sprintf("tool%d", i), "/token"
		switch i {
		case 0:
			name = "bench"
		case 1:
			name, path = "slow", "/slow"
		}
		fmt.Fprintf(
			&text,
			"[tools.%s]\nname = \"%s\"\ntoken_uri = \"%s%s\"\nclient_id = \"x\"\ngrant = \"client_credentials\"\n",
			name,
			name,
			p.url,
			path,
		)
	}
	s.settings(text.String())
	s.keep("bench")
	return s
}

func (s *session) settings(text string) {
	s.t.Helper()
	folder := filepath.Join(s.Home, ".config", "keyfob")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "keyfob.toml"), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// keep has the keychain keep a tool's client secret.
func (s *session) keep(tool string) {
	s.t.Helper()
	cmd := s.Command(s.build.command(), "tools", "secret", tool)
	cmd.Stdin = strings.NewReader("a secret")
	if out, err := cmd.CombinedOutput(); err != nil {
		s.t.Fatalf("tools secret: %v %s", err, out)
	}
}

func (s *session) socket() string { return filepath.Join(s.Runtime, "keyfob", "agent.sock") }

// startEngine starts an engine without an icon, in the place of one that a
// command has started.
func (s *session) startEngine() *bed.Process {
	s.t.Helper()
	s.endEngine()
	p := s.StartCommand(s.Command(s.build.tray(), "agent"))
	s.waitEngine()
	return p
}

func (s *session) waitEngine() {
	s.t.Helper()
	s.Wait("the engine", func() bool { return s.Listener(s.socket()) != 0 })
}

// endEngine ends the engine that runs, whoever started it, and waits for that.
func (s *session) endEngine() {
	s.t.Helper()
	pid := s.Listener(s.socket())
	if pid == 0 {
		return
	}
	_ = syscall.Kill(pid, syscall.SIGTERM)
	s.Wait("the end of the engine", func() bool {
		_, err := os.Stat(fmt.Sprintf("/proc/%d/exe", pid))
		stat, e := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		return err != nil || e != nil || strings.Contains(string(stat), ") Z ")
	})
}

// token is `keyfob token` of a tool.
func (s *session) token(tool string, args ...string) func() *exec.Cmd {
	return func() *exec.Cmd { return s.Command(s.build.command(), append([]string{"token", tool}, args...)...) }
}

// bare is the yardstick: one round trip over a unix socket.
func bare(t *testing.T, b *bed.Bed) *contender {
	t.Helper()
	socket := filepath.Join(b.Dir, "bare.sock")
	serveBare(t, socket)
	roundtrip := program(t, "bench/roundtrip")
	return &contender{name: "one round trip (U)", cmd: func() *exec.Cmd { return b.Command(roundtrip, socket) }}
}

// serveBare answers each line on the socket with one line.
func serveBare(t *testing.T, socket string) {
	t.Helper()
	ln, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	reply := map[string]any{
		"v":      1,
		"ok":     true,
		"tokens": map[string]string{"access": token, "pad": strings.Repeat("p", replySize-tokenSize-60)},
	}
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				if _, err := bufio.NewReader(conn).ReadBytes('\n'); err == nil {
					_ = json.NewEncoder(conn).Encode(reply)
				}
			}()
		}
	}()
}
