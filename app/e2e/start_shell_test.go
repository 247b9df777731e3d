//go:build linux

package e2e_test

import (
	"path/filepath"
	"strings"
	"testing"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest"
)

// TestNobodyWaitsForAnEngine starts engines in the ways of scripts. Each has its
// token, and neither a pipe, a lock, make's job server nor a terminal stays with the
// engine.
func TestNobodyWaitsForAnEngine(t *testing.T) {
	authtest.Need(t, "flock", "make", "nohup", "script", "setsid")
	h := newHeadless(t, "ann")
	token := h.signedIn()
	for name, tc := range map[string]struct {
		line string
		want string // "" for the token
	}{
		"alone":          {line: `"$KEYFOB" token $TOOL`},
		"pipe":           {line: `"$KEYFOB" token $TOOL | cat`},
		"substitution":   {line: `t=$("$KEYFOB" token $TOOL); echo "$t"`},
		"closed":         {line: `"$KEYFOB" token $TOOL 0<&- 2>&-`},
		"background":     {line: `"$KEYFOB" token $TOOL & wait $!`},
		"other pipe":     {line: `{ "$KEYFOB" token $TOOL; } 7>&1 | cat`},
		"lock":           {line: `flock lock "$KEYFOB" token $TOOL; flock -n lock true`},
		"lock of shell":  {line: `(flock 9; "$KEYFOB" token $TOOL) 9>lock; flock -n lock true`},
		"nohup":          {line: `nohup "$KEYFOB" token $TOOL 2>nohup.err`},
		"session leader": {line: `setsid -w "$KEYFOB" token $TOOL`},
		"make":           {line: "printf 'all: a b\\na b:\\n\\t+@\"$$KEYFOB\" token $$TOOL\\n' >Makefile; make -s -j2 2>&1", want: token + token},
		"terminal":       {line: `script -qec '"$KEYFOB" token $TOOL' /dev/null </dev/null`, want: strings.ReplaceAll(token, "\n", "\r\n")},
	} {
		h.endEngines()
		want := tc.want
		if want == "" {
			want = token
		}
		if got := h.shell(h.Env(), tc.line); got != want {
			t.Errorf("%s: got %q", name, strings.ReplaceAll(got, strings.TrimSpace(token), "TOKEN"))
		}
		standsAlone(t, h.engine())
	}
}

// TestStartWithoutInit has a container whose first process is a shell, or the command
// itself, with which everything ends.
func TestStartWithoutInit(t *testing.T) {
	authtest.NeedRoot(t, "makes a namespace of processes")
	authtest.Need(t, "unshare")
	h := newHeadless(t, "ann")
	token := h.signedIn()
	inside := func(args ...string) string {
		return h.Run("unshare", append([]string{"-p", "-f", "--mount-proc"}, args...)...)
	}
	if got := inside(h.program(), "token", plant4); got != token {
		t.Errorf("as the first process: %q", got)
	}
	if n := len(h.engines()); n != 0 {
		t.Errorf("%d engines outlive their container", n)
	}
	script := `"$1" token $2; "$1" token $2`
	if got := inside("/bin/sh", "-c", script, "sh", h.program(), plant4); got != token+token {
		t.Errorf("in a shell: %q", got)
	}
	if got := h.keyfob("token", plant4); got.code != 0 || got.out != token { // beside the socket of an engine that is gone
		t.Errorf("afterwards: %d %q %s", got.code, got.out, got.err)
	}
	h.engine()
}

// TestStartFromCron has as little environment as a cron job. The runtime folder and
// the bus are found where systemd has them.
func TestStartFromCron(t *testing.T) {
	authtest.NeedRoot(t, "mounts a runtime folder where systemd has it")
	authtest.Need(t, "unshare")
	h := newHeadless(t, "ann")
	token := h.signedIn()
	const cron = `mount -t tmpfs tmpfs /run/user && mkdir -m 700 /run/user/0 && mount --bind "$1" /run/user/0 &&
		exec env -i HOME="$2" LOGNAME=root SHELL=/bin/sh PATH=/usr/bin:/bin "$3" token "$4"`
	for _, when := range []string{"first", "again"} {
		if got := h.Run("unshare", "-m", "/bin/sh", "-c", cron, "sh", h.Runtime, h.Home, h.program(), plant4); got != token {
			t.Errorf("%s: %q", when, got)
		}
	}
	standsAlone(t, h.engine())
	if got := h.keyfob("token", plant4); got.code != 0 || got.out != token {
		t.Errorf("on the desktop, from the same engine: %d %q %s", got.code, got.out, got.err)
	}
	h.engine()
}

// TestNothingStartsUnderSudo refuses, and leaves nothing behind: no process and no
// folder.
func TestNothingStartsUnderSudo(t *testing.T) {
	h := newHeadless(t, "ann")
	for _, args := range [][]string{{"token", plant4}, {"status"}} {
		cmd := h.Command(h.program(), args...)
		cmd.Env = append(cmd.Env, "SUDO_UID=4711", "SUDO_USER=somebody")
		p := h.StartCommand(cmd)
		if code := h.Exit(p); code != 2 || !strings.Contains(p.Output(), "sudo") {
			t.Errorf("%q: %d %s", args, code, p.Output())
		}
	}
	if left, err := filepath.Glob(filepath.Join(h.Runtime, "keyfob", "*")); err != nil || len(left) != 0 || len(h.engines()) != 0 {
		t.Errorf("%d engines, %v, %v", len(h.engines()), left, err)
	}
}

// TestNothingStartsInAFlatpak refuses where Flatpak's mark is and keeps it from the
// keychain. An engine that runs outside is asked all the same.
func TestNothingStartsInAFlatpak(t *testing.T) {
	authtest.NeedRoot(t, "makes a root with Flatpak's mark")
	authtest.Need(t, "unshare", "chroot")
	h := newHeadless(t, "ann")
	token := h.signedIn()
	const flatpak = `mount -t tmpfs tmpfs /mnt && mkdir /mnt/up /mnt/work /mnt/root &&
		mount -t overlay -o lowerdir=/,upperdir=/mnt/up,workdir=/mnt/work overlay /mnt/root &&
		mount --rbind /proc /mnt/root/proc && mount --rbind /dev /mnt/root/dev && mount --bind "$1" "/mnt/root$1" &&
		touch /mnt/root/.flatpak-info && unset DBUS_SESSION_BUS_ADDRESS && exec chroot /mnt/root "$2" token "$3"`
	inside := func() *bed.Process {
		return h.Start("unshare", "-m", "/bin/sh", "-c", flatpak, "sh", h.Dir, h.program(), plant4)
	}
	p := inside()
	if code := h.Exit(p); code != 2 || !strings.Contains(p.Output(), "inside of a Flatpak") {
		t.Errorf("without an engine: %d %s", code, p.Output())
	}
	h.Wait("the end of what was started", func() bool { return len(h.engines()) == 0 })
	if got := h.token(); got.code != 0 {
		t.Fatal(got.err)
	}
	p = inside()
	if code := h.Exit(p); code != 0 || p.Output() != token {
		t.Errorf("with one: %d %s", code, p.Output())
	}
}
