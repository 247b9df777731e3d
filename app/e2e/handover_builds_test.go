//go:build linux

package e2e_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest/npm"
)

// buildOf builds keyfob-tray as a version of its own and returns its path.
func buildOf(t *testing.T, version string) string {
	t.Helper()
	return buildWith(t, "keyfob-tray", version)
}

// buildWith builds a program as a version of its own, with flags for the compiler,
// and returns its path.
func buildWith(t *testing.T, program, version string, flags ...string) string {
	t.Helper()
	dir := build(t)
	name := program + "-" + version
	programs.mu.Lock()
	defer programs.mu.Unlock()
	err, done := programs.built[name]
	if !done {
		args := append([]string{"build", "-ldflags", "-X keyfob/app/caller.version=" + version, "-o", filepath.Join(dir, name)}, flags...)
		cmd := exec.Command("go", append(args, sources[program].pkg)...)
		cmd.Dir = npm.Root(t)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, e := cmd.CombinedOutput(); e != nil {
			err = fmt.Errorf("%s: %w\n%s", name, e, out)
		}
		programs.built[name] = err
	}
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, name)
}

// otherProtocol builds a program whose socket speaks the next version of the
// protocol.
func otherProtocol(t *testing.T, program, version string) string {
	t.Helper()
	file := filepath.Join(npm.Root(t), "app", "agent", "internal", "wire", "frame.go")
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const now, next = "const version = 2\n", "const version = 3\n"
	if strings.Count(string(source), now) != 1 {
		t.Fatalf("%s does not say %q", file, now)
	}
	changed, overlay := filepath.Join(t.TempDir(), "frame.go"), filepath.Join(t.TempDir(), "overlay.json")
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {file: changed}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(changed, []byte(strings.Replace(string(source), now, next, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(overlay, replace, 0o600); err != nil {
		t.Fatal(err)
	}
	return buildWith(t, program, version, "-overlay", overlay)
}

// newInstalled is a session with version 2.0, installed there for itself.
func newInstalled(t *testing.T, keyring bed.Keyring) *headless {
	t.Helper()
	h := newHeadlessOn(t, "ann", bed.Options{NoDisplay: true, Keyring: keyring})
	if err := os.Remove(h.program()); err != nil { // a link to where all tests have theirs
		t.Fatal(err)
	}
	if err := os.Link(filepath.Join(build(t), "keyfob"), h.program()); err != nil {
		t.Fatal(err)
	}
	h.install(buildOf(t, "2.0"))
	return h
}

// installCommand puts a file into the place of keyfob.
func (d *desktop) installCommand(from string) {
	d.t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		d.t.Fatal(err)
	}
	d.installFile(d.program(), content)
}

// install puts a file into the place of keyfob-tray, as package managers do.
func (d *desktop) install(from string) {
	d.t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		d.t.Fatal(err)
	}
	d.installFile(d.whole(), content)
}

func (d *desktop) installFile(path string, content []byte) {
	d.t.Helper()
	syscall.ForkLock.RLock() // a child that starts meanwhile would have it open
	err := os.WriteFile(path+".new", content, 0o755)
	syscall.ForkLock.RUnlock()
	if err != nil {
		d.t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		d.t.Fatal(err)
	}
}

// running is the engine's process, and the version of its program.
func (d *desktop) running() (pid int, version string) {
	pid = d.Listener(d.socket())
	if pid == 0 {
		return 0, ""
	}
	out, err := d.Command(fmt.Sprintf("/proc/%d/exe", pid), "version").Output()
	if err != nil {
		return pid, err.Error()
	}
	return pid, strings.TrimSpace(string(out))
}

// waitVersion waits until an engine of that version runs, and returns its
// process.
func (d *desktop) waitVersion(version string) (pid int) {
	d.t.Helper()
	d.Wait("version "+version, func() bool {
		is := ""
		pid, is = d.running()
		return is == "keyfob "+version
	})
	return pid
}

// engineOf is a process of the program that stands there now, other than the
// keychain's helper, or 0.
func engineOf(program string) int {
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, link := range links {
		if exe, err := os.Readlink(link); err != nil || exe != program { // else of a file that was replaced, for one
			continue
		}
		var pid int
		line, err := os.ReadFile(filepath.Join(filepath.Dir(link), "cmdline"))
		_, bad := fmt.Sscanf(link, "/proc/%d/exe", &pid)
		if err == nil && bad == nil && !strings.Contains(string(line), "keychain-helper") {
			return pid
		}
	}
	return 0
}
