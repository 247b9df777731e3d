package engine_test

import (
	"net/http"
	"net/http/httptrace"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/engine"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// inNamespace marks the process that has a network of its own.
const inNamespace = "KEYFOB_TEST_OWN_NETWORK"

// inOwnNetwork runs the test that calls it in a process with a network of its
// own, and reports whether this is that process.
func inOwnNetwork(t *testing.T) bool {
	t.Helper()
	authtest.NotShort(t, "it takes a network away for half a minute")
	if os.Getenv(inNamespace) != "" {
		link(t, true)
		return true
	}
	t.Parallel()
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), inNamespace+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.Process == nil {
		authtest.Missing(t, "this machine gives no network of one's own: %v", err)
	}
	t.Logf("%s", out)
	if err != nil {
		t.Fatal(err)
	}
	return false
}

// laptop is a loopback environment on a real network, with a session that renews and a wall
// clock of its own.
type laptop struct {
	*loopbackEnvironment
	t     *testing.T
	ahead atomic.Int64 // nanoseconds
}

func newLaptop(t *testing.T, wrap func(http.RoundTripper) http.RoundTripper) *laptop {
	t.Helper()
	laptop := &laptop{t: t}
	laptop.loopbackEnvironment = newLoopbackEnvironment(t, func(c *engine.Config) {
		h, err := oidc.NewHTTPClient("")
		if err != nil {
			t.Fatal(err)
		}
		h.Transport = wrap(h.Transport)
		client := &oidc.Client{HTTP: h, Now: laptop.now}
		c.Now, c.Client = laptop.now, func(auth.Tool) (*oidc.Client, error) { return client, nil }
	})
	if err := laptop.SignIn(t.Context(), "renews", session.SignInOptions{}); err != nil {
		t.Fatal(err)
	}
	// The provider's clock stays behind, which its ID tokens would tell.
	laptop.faults.Set(tokenPath, authtest.RewriteJSON(func(m map[string]any) { delete(m, "id_token") }))
	return laptop
}

func (laptop *laptop) now() time.Time { return time.Now().Add(time.Duration(laptop.ahead.Load())) }

// wake lets the machine sleep for an hour.
func (laptop *laptop) wake() {
	laptop.t.Helper()
	laptop.ahead.Store(int64(time.Hour))
	if err := laptop.Wake(laptop.t.Context()); err != nil {
		laptop.t.Fatal(err)
	}
}

func (laptop *laptop) until(what string, good func(session.Snapshot) bool) {
	laptop.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		s := snapshot(laptop.t, laptop.Manager, "renews")
		if good(s) {
			return
		}
		if time.Now().After(end) {
			laptop.t.Fatalf("waited in vain for %s: it is %s with the problem %v", what, s.State, s.Problem)
		}
	}
}

// failed waits until a refresh has failed in a way that passes.
func (laptop *laptop) failed() {
	laptop.t.Helper()
	laptop.until("the refresh to fail", func(s session.Snapshot) bool { return s.Problem != nil })
	if s := snapshot(laptop.t, laptop.Manager, "renews"); s.State != session.Active || s.Problem == nil ||
		s.Problem.Kind != auth.KindTransient {
		laptop.t.Errorf("without a link: %s with the problem %v", s.State, s.Problem)
	}
}

// renewed puts the link up and waits for the session to be well.
func (laptop *laptop) renewed() {
	laptop.t.Helper()
	link(laptop.t, true)
	up := time.Now()
	laptop.until("the session to renew", func(s session.Snapshot) bool { return s.Problem == nil && s.AccessUntil.After(laptop.now()) })
	laptop.t.Logf("renewed %v after the link came up", time.Since(up).Round(10*time.Millisecond))
}

// TestALinkThatIsDownAtWaking takes the network away from a real provider and
// a real client, wakes the machine after an hour and then puts the link up.
// The connection of the sign-in is still open, and must not be used.
func TestALinkThatIsDownAtWaking(t *testing.T) {
	if !inOwnNetwork(t) {
		return
	}
	laptop := newLaptop(t, func(rt http.RoundTripper) http.RoundTripper { return rt })
	link(t, false)
	laptop.wake()
	laptop.failed()
	time.Sleep(5 * time.Second)
	laptop.renewed()
}

// TestALinkThatIsLostInTheMiddle takes the network away after the connection
// for a refresh stands and before the request is sent. It must never arrive: a
// provider that gets it later spends the refresh token that the next try needs.
func TestALinkThatIsLostInTheMiddle(t *testing.T) {
	if !inOwnNetwork(t) {
		return
	}
	var cut atomic.Bool
	laptop := newLaptop(t, func(rt http.RoundTripper) http.RoundTripper {
		return &cuttingTransport{rt, func() {
			if cut.CompareAndSwap(true, false) {
				link(t, false)
			}
		}}
	})
	requests := laptop.faults.Seen(tokenPath)
	cut.Store(true)
	laptop.wake()
	laptop.failed()
	laptop.renewed()
	time.Sleep(20 * time.Second) // a system would have sent it again by now
	if n := laptop.faults.Seen(tokenPath) - requests; n != 1 {
		t.Errorf("%d requests arrived, want 1", n)
	}
	laptop.ahead.Add(int64(time.Hour))
	if _, err := laptop.Token(t.Context(), "renews", session.TokenOptions{MinValid: time.Minute}); err != nil {
		t.Errorf("the next refresh: %v", err)
	}
}

// cuttingTransport calls lose when a connection stands and nothing is sent over it yet.
type cuttingTransport struct {
	http.RoundTripper
	lose func()
}

func (l *cuttingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { l.lose() }}
	return l.RoundTripper.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), trace)))
}

func (l *cuttingTransport) CloseIdleConnections() {
	if c, ok := l.RoundTripper.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
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
