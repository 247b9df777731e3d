package loopback_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"keyfob/auth/authtest"
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

// floodBegun is how many connections of a flood are open when it says so.
const floodBegun = 500

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
			if done.Add(1) == floodBegun {
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
