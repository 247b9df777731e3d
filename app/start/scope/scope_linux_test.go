package scope_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keyfob/app/start/scope"
	"keyfob/auth/authtest"
)

// TestMain is also the process that moves.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "enter" {
		os.Exit(enter())
	}
	os.Exit(m.Run())
}

// enter moves twice, and says after each where it is and how long that took.
func enter() int {
	for range 2 {
		began := time.Now()
		err := scope.Enter(context.Background(), os.Getenv("XDG_RUNTIME_DIR"))
		took := time.Since(began)
		groups, _ := os.ReadFile("/proc/self/cgroup")
		in := ""
		for line := range strings.Lines(string(groups)) {
			if strings.Contains(line, "/app.slice/") {
				_, in, _ = strings.Cut(strings.TrimSpace(line), "/app.slice/")
			}
		}
		fmt.Printf("took %v, error %v, now in %s, pid %d\n", took, err, in, os.Getpid())
	}
	return 0
}

// manager runs a user's systemd in a namespace and group of its own, and in another
// group, as of a session, the command in "$@".
const manager = `set -e
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system /run/user/0
chmod 700 /run/user/0
export XDG_RUNTIME_DIR=/run/user/0 HOME=/run/user/0
unset DBUS_SESSION_BUS_ADDRESS
for h in $GROUPS_OF; do echo $$ >$h/manager/cgroup.procs; done
/lib/systemd/systemd --user --log-target=console --log-level=notice --unit=basic.target &
n=0
until [ -S /run/user/0/systemd/private ]; do n=$((n+1)); [ $n -lt 500 ] || exit 77; sleep 0.02; done
for h in $GROUPS_OF; do echo $$ >$h/session/cgroup.procs; done
sleep 0.1
"$@"
`

// TestAProcessMovesIntoAScope has a real systemd of a user, without a bus.
func TestAProcessMovesIntoAScope(t *testing.T) {
	authtest.NeedRoot(t, "runs a systemd in a namespace of its own")
	authtest.Need(t, "unshare", "/lib/systemd/systemd")
	groups := newGroups(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("unshare", "-m", "-p", "-f", "--mount-proc", "--kill-child", "/bin/sh", "-c", manager, "sh", self, "enter")
	cmd.Env = append(os.Environ(), "GROUPS_OF="+strings.Join(groups, " "))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.Output()
	if err != nil {
		authtest.Missing(t, "a user's systemd does not run here: %v: %s%s", err, out, &stderr)
	}
	t.Logf("%s", out)
	lines := strings.Split(string(out), "\n")
	for _, line := range lines[:2] {
		var took, in string
		var pid int
		if _, err := fmt.Sscanf(line, "took %s error <nil>, now in %s pid %d", &took, &in, &pid); err != nil {
			t.Fatalf("%v: %s%s", err, out, &stderr)
		}
		if want := fmt.Sprintf("keyfob-%d.scope,", pid); in != want {
			t.Errorf("it is in %q, want %q", in, want)
		}
	}
}

// newGroups makes control groups for a manager and a session in each hierarchy that
// systemd uses here.
func newGroups(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob("/sys/fs/cgroup/[us][ny][is][ft]*") // unified, systemd
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		all = []string{"/sys/fs/cgroup"}
	}
	for i, h := range all {
		top := filepath.Join(h, fmt.Sprintf("keyfob-test-%d", os.Getpid()))
		all[i] = top
		t.Cleanup(func() { removeGroups(t, top) })
		for _, g := range []string{"manager", "session"} {
			if err := os.MkdirAll(filepath.Join(top, g), 0o755); err != nil {
				authtest.Missing(t, "no control groups can be made here: %v", err)
			}
		}
	}
	return all
}

// removeGroups removes a group with those in it, once nobody is in them any more.
func removeGroups(t *testing.T, top string) {
	var all []string
	_ = filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			all = append([]string{path}, all...)
		}
		return nil
	})
	for _, g := range all {
		for until := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			err := os.Remove(g)
			if err == nil || errors.Is(err, fs.ErrNotExist) {
				break
			}
			if time.Now().After(until) {
				t.Error(err)
				break
			}
		}
	}
}

// TestWithoutAManager says so at once, also where one hangs, and where somebody else
// made its folder.
func TestWithoutAManager(t *testing.T) {
	runtime, err := os.MkdirTemp("", "run") // a test's own folder can be too long a path for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(runtime) })
	if err := scope.Enter(t.Context(), runtime); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a manager: %v", err)
	}
	dir := filepath.Join(runtime, "systemd")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := scope.Enter(t.Context(), runtime); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a socket: %v", err)
	}
	ln, err := net.Listen("unix", filepath.Join(dir, "private"))
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := scope.Enter(t.Context(), runtime); err == nil {
		t.Error("a manager that says nothing")
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("it took %v", took)
	}
	_ = ln.Close()
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := scope.Enter(t.Context(), runtime); err == nil || !strings.Contains(err.Error(), "can be written by other users") {
		t.Errorf("got %v", err)
	}
}
