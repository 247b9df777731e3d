//go:build linux

package e2e_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"keyfob/auth/authtest"
)

// userSession runs a user's systemd in a namespace of its own, and in the group of a
// session a command that starts an engine. Then it kills that whole group, as logind
// may do at the end of a session, and has another command ask.
const userSession = `set -e
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system
for g in $GROUPS_OF; do echo $$ >$g/manager/cgroup.procs; done
SYSTEMD_UNIT_PATH=$UNITS /lib/systemd/systemd --user --log-target=console --unit=alone.target >&2 &
n=0
until [ -S $XDG_RUNTIME_DIR/systemd/private ]; do n=$((n+1)); [ $n -lt 1000 ] || exit 77; sleep 0.02; done
/bin/sh -c 'for g in $GROUPS_OF; do echo $$ >$g/session/cgroup.procs; done; "$@"' sh "$@"
for g in $GROUPS_OF; do while read pid; do kill -9 $pid; done <$g/session/cgroup.procs; done
engine=$(pgrep -f background-engin[e])
echo "engine $engine is in $(grep -o 'keyfob-[0-9]*.scope' /proc/$engine/cgroup | sort -u)"
"$@"
echo "engine $(pgrep -f background-engin[e])"
`

// TestAnEngineOutlivesItsSession moves out of the group of the session that it was
// started in, where the user's systemd runs.
func TestAnEngineOutlivesItsSession(t *testing.T) {
	authtest.NeedRoot(t, "runs a systemd in a namespace of its own")
	authtest.Need(t, "unshare", "pgrep", "/lib/systemd/systemd")
	h := newHeadless(t, "ann")
	token := h.signedIn()
	units := filepath.Join(h.Dir, "units")
	if err := os.Mkdir(units, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(units, "alone.target"), []byte("[Unit]\nDefaultDependencies=no\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	groups := h.controlGroups("manager", "session")
	cmd := h.Command(
		"unshare",
		"-m",
		"-p",
		"-f",
		"--mount-proc",
		"--kill-child",
		"/bin/sh",
		"-c",
		userSession,
		"sh",
		h.program(),
		"token",
		plant4,
	)
	cmd.Env = append(cmd.Env, "UNITS="+units, "GROUPS_OF="+strings.Join(groups, " "))
	var out strings.Builder
	cmd.Stdout = &out
	p := h.StartCommand(cmd)
	switch code := h.Exit(p); code {
	case 0:
	case 77:
		authtest.Missing(t, "a user's systemd does not run here: %s", p.Output())
	default:
		t.Errorf("it ended with %d: %s", code, p.Output())
	}
	said := strings.ReplaceAll(out.String(), token, "TOKEN\n")
	want := regexp.MustCompile(`^TOKEN\nengine (\d+) is in keyfob-(\d+)\.scope\nTOKEN\nengine (\d+)\n$`)
	if m := want.FindStringSubmatch(said); m == nil || m[1] != m[2] || m[1] != m[3] {
		t.Errorf("got\n%s%s", said, p.Output())
	}
}

// controlGroups makes groups of these names in each hierarchy that systemd uses here,
// and returns the folders that they are in.
func (h *headless) controlGroups(names ...string) []string {
	h.t.Helper()
	all, err := filepath.Glob("/sys/fs/cgroup/[us][ny][is][ft]*") // unified, systemd
	if err != nil {
		h.t.Fatal(err)
	}
	if len(all) == 0 {
		all = []string{"/sys/fs/cgroup"}
	}
	for i, hierarchy := range all {
		all[i] = filepath.Join(hierarchy, fmt.Sprintf("keyfob-test-%d", os.Getpid()))
		h.t.Cleanup(func() { h.Wait("the end of "+all[i], func() bool { return removeGroups(all[i]) == nil }) })
		for _, name := range names {
			if err := os.MkdirAll(filepath.Join(all[i], name), 0o755); err != nil {
				authtest.Missing(h.t, "no control groups can be made here: %v", err)
			}
		}
	}
	return all
}

// removeGroups removes a control group with those in it, in which nobody is.
func removeGroups(top string) error {
	var all []string
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			all = append([]string{path}, all...)
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, group := range all {
		err = errors.Join(err, os.Remove(group))
	}
	return err
}
