package loopback_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/loopback"
)

// envStranger makes this test program another user's: what to do, at which
// address, and with which request.
const envStranger = "KEYFOB_TEST_STRANGER"

func TestMain(m *testing.M) {
	if role := strings.SplitN(os.Getenv(envStranger), " ", 3); len(role) == 3 {
		if err := play(role[0], role[1], role[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// play is what another user does.
func play(how, at, request string) error {
	switch how {
	case "flood":
		return flood(at, request)
	case "listen":
		return occupy(at)
	}
	c, err := net.Dial("tcp", at)
	if errors.Is(err, syscall.ECONNRESET) {
		return nil // dropped already
	}
	if err != nil {
		return err
	}
	_, _ = io.WriteString(c, request) // which fails where it was dropped meanwhile
	switch how {
	case "closes":
		return c.Close()
	case "resets":
		return errors.Join(c.(*net.TCPConn).SetLinger(0), c.Close())
	}
	answer, _ := io.ReadAll(c) // a reset is no answer
	_, err = os.Stdout.Write(answer)
	return errors.Join(err, c.Close())
}

// flood opens the given number of connections, many at a time, says so when the
// first of them are open, and waits for each to be closed.
func flood(at, count string) error {
	const atOnce = 1000
	n, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	var (
		done     atomic.Int64
		wg       sync.WaitGroup
		slots    = make(chan struct{}, atOnce)
		announce = sync.OnceFunc(func() { fmt.Println("flooding") })
	)
	for range n {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			c, err := net.Dial("tcp", at)
			if err != nil {
				return // the queue is full, or the end has come
			}
			_, _ = io.WriteString(c, "GET / HTTP/1.1\r\n")
			if done.Add(1) == atOnce/2 {
				announce()
			}
			_, _ = io.Copy(io.Discard, c)
			_ = c.Close()
		})
	}
	wg.Wait()
	announce()
	_, err = fmt.Println(done.Load())
	return err
}

// occupy listens at an address until its input ends, and says how many came.
func occupy(at string) error {
	l, err := net.Listen("tcp", at)
	if err != nil {
		return err
	}
	fmt.Println("listening")
	var came atomic.Int64
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			came.Add(1)
			_ = c.Close()
		}
	}()
	_, err = io.Copy(io.Discard, os.Stdin)
	err = errors.Join(err, l.Close())
	<-ended
	fmt.Println(came.Load())
	return err
}

// start starts a program of another user's that plays a part.
func start(t *testing.T, how, at, request string) *authtest.Child {
	t.Helper()
	cmd := authtest.AsOther(t, exec.Command("/proc/self/exe"))
	cmd.Env = append(os.Environ(), strings.Join([]string{envStranger + "=" + how, at, request}, " "))
	cmd.Stderr = os.Stderr
	return authtest.StartChild(t, cmd)
}

// end waits until the other user is done, and returns what was left to say.
func end(t *testing.T, c *authtest.Child) string {
	t.Helper()
	_ = c.In.Close()
	rest, err := io.ReadAll(c.Out)
	if err := errors.Join(err, c.End()); err != nil {
		t.Error(err)
	}
	return strings.TrimSpace(string(rest))
}

// manners are how another user may leave.
var manners = []string{"waits", "closes", "resets"}

// TestAnotherUserKnowsTheState has another user of this machine, with the right
// state, bring an answer of his own: it is not even read.
func TestAnotherUserKnowsTheState(t *testing.T) {
	for _, redirect := range []string{"http://127.0.0.1/callback", "http://localhost/callback"} {
		l, got := listen(t, redirect)
		at, err := url.Parse(l.RedirectURI())
		if err != nil {
			t.Fatal(err)
		}
		places := []string{"127.0.0.1:" + at.Port(), "[::ffff:127.0.0.1]:" + at.Port()}
		if at.Hostname() == "localhost" {
			places = append(places, "[::1]:"+at.Port())
		}
		query := url.Values{"code": {"his"}, "state": {state.Reveal()}}.Encode()
		for _, place := range places {
			for _, how := range manners {
				get := "GET /callback?" + query + " HTTP/1.1\r\nHost: " + at.Host + "\r\n\r\n"
				post := "POST /callback HTTP/1.1\r\nHost: " + at.Host + "\r\nContent-Type: application/x-www-form-urlencoded\r\n" +
					"Content-Length: " + strconv.Itoa(len(query)) + "\r\n\r\n" + query
				for _, request := range []string{get, post} {
					if answer := end(t, start(t, how, place, request)); answer != "" {
						t.Errorf("%s who %s was answered %q", place, how, answer)
					}
				}
			}
		}
		finish(t, l, got)
	}
}

// TestAnotherUserTakesTheHandoff reads the browser's command line and is there
// first: he gets nothing, it does not count, and the browser gets there.
func TestAnotherUserTakesTheHandoff(t *testing.T) {
	const target = "https://id.example.com/logout?id_token_hint=canary"
	l, err := loopback.Listen(t.Context(), loopback.Options{Redirect: "http://127.0.0.1/callback"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	h := l.Hand(target)
	at, err := url.Parse(h.URL())
	if err != nil {
		t.Fatal(err)
	}
	for _, how := range manners {
		if answer := end(t, start(t, how, at.Host, "GET "+at.Path+" HTTP/1.1\r\nHost: "+at.Host+"\r\n\r\n")); answer != "" {
			t.Errorf("who %s was answered %q", how, answer)
		}
	}
	status, to := send(t, http.MethodGet, h.URL(), "")
	if status != http.StatusSeeOther || to != target || !h.Sure() {
		t.Errorf("the browser got %d, %q", status, to)
	}
}

// TestAnotherUserFloods opens 20,000 connections while a sign-in ends: the
// browser's answer arrives, and it gets its page.
func TestAnotherUserFloods(t *testing.T) {
	const each, floods = 5000, 4
	l, got := listen(t, "http://127.0.0.1/callback")
	var all []*authtest.Child
	for range floods {
		all = append(all, start(t, "flood", host(t, l), strconv.Itoa(each)))
	}
	for _, s := range all {
		if line := s.Line(t); line != "flooding" {
			t.Fatalf("the other user says %q", line)
		}
	}
	finish(t, l, got)
	total := 0
	for _, s := range all {
		n, err := strconv.Atoi(end(t, s))
		if err != nil {
			t.Error(err)
		}
		total += n
	}
	if total < each*floods*9/10 {
		t.Errorf("only %d connections were made", total)
	}
}

// TestAnotherUserHasThePort holds the port on [::1]. With localhost, where the
// browser might go there, that port is not used; with 127.0.0.1 nobody comes to
// the other user.
func TestAnotherUserHasThePort(t *testing.T) {
	held, free := freePort(t), freePort(t)
	other := start(t, "listen", "[::1]:"+strconv.Itoa(held), "-")
	if line := other.Line(t); line != "listening" {
		authtest.NotHere(t, "this machine has no IPv6 loopback: %s", line)
	}
	_, err := loopback.Listen(t.Context(), loopback.Options{Redirect: "http://localhost/callback", Ports: []int{held}})
	if e := auth.AsError(err); e == nil || e.Code != "ports_busy" {
		t.Errorf("with localhost: %v", err)
	}
	for redirect, port := range map[string]int{"http://localhost/callback": free, "http://127.0.0.1/callback": held} {
		l, err := loopback.Listen(t.Context(), loopback.Options{Redirect: redirect, Ports: []int{held, free}})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(host(t, l), ":"+strconv.Itoa(port)) {
			t.Errorf("%s: listens on %s", redirect, host(t, l))
		}
		if status, to := send(t, http.MethodGet, l.Hand("https://id.example.com/").URL(), ""); status != http.StatusSeeOther || to == "" {
			t.Errorf("%s: the browser got %d", redirect, status)
		}
		got := make(chan result, 1)
		go func() {
			cb, err := l.Wait(t.Context(), state)
			got <- result{cb, err}
		}()
		finish(t, l, got)
		_ = l.Close()
	}
	if came := end(t, other); came != "0" {
		t.Errorf("%s connections came to the other user", came)
	}
}
