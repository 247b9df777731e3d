package session_test

import (
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// inNamespace marks the process that has a network of its own.
const inNamespace = "KEYFOB_TEST_OWN_NETWORK"

// TestALinkThatIsDownAtWaking takes the network away from a real provider and
// a real client, in a network of their own, wakes the machine after an hour
// and then puts the link up.
func TestALinkThatIsDownAtWaking(t *testing.T) {
	if os.Getenv(inNamespace) != "" {
		linkDownAtWaking(t)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestALinkThatIsDownAtWaking$", "-test.v")
	cmd.Env = append(os.Environ(), inNamespace+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.Process == nil {
		t.Skip("this machine gives no network of one's own:", err)
	}
	t.Logf("%s", out)
	if err != nil {
		t.Fatal(err)
	}
}

func linkDownAtWaking(t *testing.T) {
	link(t, true)
	var ahead atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	d := newDesk(t, func(c *session.Config) {
		c.Now = now
		h, err := oidc.NewHTTPClient("")
		if err != nil {
			t.Fatal(err)
		}
		client := &oidc.Client{HTTP: h, Now: now}
		c.Client = func(auth.Tool) (*oidc.Client, error) { return client, nil }
	})
	if err := d.SignIn(t.Context(), "renews", session.SignInOptions{}); err != nil {
		t.Fatal(err)
	}
	d.faults.Set(tokenPath, authtest.RewriteJSON(func(m map[string]any) { delete(m, "id_token") })) // the provider's clock stays behind

	link(t, false)
	ahead.Store(int64(time.Hour))
	if err := d.Wake(t.Context()); err != nil {
		t.Fatal(err)
	}
	until(t, "the refresh to fail", func(s session.Snapshot) bool { return s.Problem != nil }, d)
	time.Sleep(10 * time.Second) // so that several have failed
	s := snapshot(t, d.Manager, "renews")
	if s.State != session.Active || s.Problem == nil || s.Problem.Kind != auth.KindTransient {
		t.Errorf("without a link: %s with the problem %v", s.State, s.Problem)
	}
	link(t, true)
	up := time.Now()
	until(t, "the session to renew", func(s session.Snapshot) bool { return s.Problem == nil && s.AccessUntil.After(now()) }, d)
	t.Logf("renewed %v after the link came up", time.Since(up).Round(10*time.Millisecond))
}

func until(t *testing.T, what string, good func(session.Snapshot) bool, d *desk) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !good(snapshot(t, d.Manager, "renews")); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// link puts the loopback interface up or down.
func link(t *testing.T, up bool) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Close(fd) }()
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		t.Fatal(err)
	}
	var flags uint16
	if up {
		flags = unix.IFF_UP
	}
	lo.SetUint16(flags)
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, lo); err != nil {
		t.Fatal(err)
	}
}
