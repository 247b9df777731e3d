//go:build linux

package e2e_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest"
	"keyfob/auth/idp"
)

// sshServer is a real one, whose sessions have the environment of a bed.
type sshServer struct {
	h    *headless
	port string
}

const sshdConfig = `Port PORT
ListenAddress 127.0.0.1
HostKey DIR/host
PidFile none
AuthorizedKeysFile DIR/user.pub
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
SetEnv ENV
`

func newSSHServer(h *headless, env []string) *sshServer {
	h.t.Helper()
	const sshd = "/usr/sbin/sshd"
	authtest.Need(h.t, sshd, "ssh", "ssh-keygen")
	if os.Getuid() == 0 { // the server wants an empty folder of root's to lock itself into
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			h.t.Fatal(err)
		}
	}
	dir := filepath.Join(h.Dir, "ssh")
	if err := os.Mkdir(dir, 0o700); err != nil {
		h.t.Fatal(err)
	}
	for _, key := range []string{"host", "user"} {
		h.Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(dir, key))
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0") // a port that was free just now
	if err != nil {
		h.t.Fatal(err)
	}
	s := &sshServer{h, strconv.Itoa(ln.Addr().(*net.TCPAddr).Port)}
	_ = ln.Close()
	config := filepath.Join(dir, "sshd_config")
	text := strings.NewReplacer("PORT", s.port, "DIR", dir, "ENV", strings.Join(env, " ")).Replace(sshdConfig)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		h.t.Fatal(err)
	}
	h.Start(sshd, "-D", "-e", "-f", config)
	h.Wait("the ssh server", func() bool {
		conn, err := net.Dial("tcp", "127.0.0.1:"+s.port)
		return err == nil && conn.Close() == nil
	})
	return s
}

// run runs a line of a shell over ssh to its end.
func (s *sshServer) run(options []string, line string) result {
	s.h.t.Helper()
	var out strings.Builder
	cmd := s.command(options, line)
	cmd.Stdout = &out
	p := s.h.StartCommand(cmd)
	return result{s.h.Exit(p), out.String(), p.Output()}
}

// start starts one.
func (s *sshServer) start(options []string, line string) *bed.Process {
	s.h.t.Helper()
	return s.h.StartCommand(s.command(options, line))
}

func (s *sshServer) command(options []string, line string) *exec.Cmd {
	args := append(slices.Clone(options), "-F", "none", "-i", filepath.Join(s.h.Dir, "ssh", "user"), "-p", s.port,
		"-o", "UserKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR", "127.0.0.1", line)
	return s.h.Command("ssh", args...)
}

// sshEnv is what a session over ssh has of the bed's environment.
func (h *headless) sshEnv(names ...string) (env []string) {
	for _, v := range h.Env() {
		if name, _, _ := strings.Cut(v, "="); slices.Contains(names, name) {
			env = append(env, `"`+v+`"`)
		}
	}
	return env
}

// TestStartOverSSH asks for a token over a real ssh server: the connection ends with
// the command, with a terminal and without, and the engine stays.
func TestStartOverSSH(t *testing.T) {
	h := newHeadless(t, "ann")
	token := h.signedIn()
	s := newSSHServer(h, h.sshEnv("HOME", "PATH", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"))
	for name, tc := range map[string]struct {
		options []string
		line    string
		want    string
	}{
		"command":     {nil, "keyfob token plant4", token},
		"no input":    {[]string{"-n"}, "keyfob token plant4", token},
		"a terminal":  {[]string{"-tt"}, "keyfob token plant4", strings.ReplaceAll(token, "\n", "\r\n")},
		"a pipe":      {nil, "keyfob token plant4 | cat", token},
		"left behind": {nil, "(sleep 0.1; keyfob token plant4) >/dev/null 2>&1 </dev/null & keyfob token plant4", token},
	} {
		h.endEngines()
		if got := s.run(tc.options, tc.line); got.code != 0 || got.out != tc.want {
			t.Errorf("%s: got %d, %q: %s", name, got.code, strings.ReplaceAll(got.out, strings.TrimSpace(token), "TOKEN"), got.err)
		}
		first := h.engine() // which lives, and ssh has ended
		standsAlone(t, first)
		if got := s.run(nil, "keyfob token plant4"); got.code != 0 || got.out != token {
			t.Errorf("%s, the second time: %d, %s", name, got.code, got.err)
		}
		if again := h.engine(); again != first {
			t.Errorf("%s: another engine, %d, was started beside %d", name, again, first)
		}
	}
}

// TestSSHWithoutABus has no keychain, and is told so. Who signs in all the same has
// the token in the next connection, too: the engine keeps it in memory.
func TestSSHWithoutABus(t *testing.T) {
	h := newHeadless(t, "ann")
	s := newSSHServer(h, h.sshEnv("HOME", "PATH", "XDG_RUNTIME_DIR"))
	got := s.run(nil, "keyfob token plant4")
	if got.code != 3 || got.out != "" || !strings.Contains(got.err, "there is no keychain: this session has no D-Bus") {
		t.Errorf("signed out: %d, %q: %s", got.code, got.out, got.err)
	}
	login := s.start(nil, "keyfob login plant4 --no-browser")
	person := idp.Person{Username: h.provider.user, Password: "pw"}
	if err := person.SignIn(t.Context(), h.addressOf(login)); err != nil {
		t.Error(err)
	}
	if code := h.Exit(login); code != 0 {
		t.Fatalf("signing in ended with %d: %s", code, login.Output())
	}
	engine := h.engine()
	standsAlone(t, engine)
	first, second := s.run(nil, "keyfob token plant4"), s.run(nil, "keyfob token plant4")
	if first.code != 0 || len(first.out) < 16 || second != first {
		t.Errorf("signed in: %d, %s, and then %d, %s, with the same token: %v",
			first.code, first.err, second.code, second.err, second.out == first.out)
	}
	if got := s.run(nil, "keyfob status"); !strings.Contains(got.out, "memory") {
		t.Errorf("status does not say where the tokens are: %s%s", got.out, got.err)
	}
	if again := h.engine(); again != engine {
		t.Errorf("another engine, %d, was started beside %d", again, engine)
	}
}
