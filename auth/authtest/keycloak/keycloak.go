//go:build unix

// Package keycloak runs a real Keycloak on loopback for tests. It owns the
// server's process, the realm that tests begin with (realm.json), and what an
// administrator does between their steps. It must never be linked into a
// program: it is for tests only.
//
// `make test-keycloak` fetches the server, which needs Java, and runs the
// tests; they are no part of `make test`.
package keycloak

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"keyfob/auth/authtest"
)

// Place is the environment variable that names the folder of a Keycloak.
const Place = "KEYFOB_KEYCLOAK"

const (
	adminUser     = "admin"
	adminPassword = "an admin of an hour" // of a server in memory, on loopback
)

// Server is a running Keycloak.
type Server struct {
	URL string // http://127.0.0.1:port
}

var listening = regexp.MustCompile(`Keycloak (\S+) .*Listening on: (http://127\.0\.0\.1:\d+)`)

// Start runs a server until the test ends; it keeps everything in memory.
// Without [Place] the test is left out.
func Start(t *testing.T) *Server {
	t.Helper()
	dir := os.Getenv(Place)
	if dir == "" {
		authtest.NotHere(t, "`make test-keycloak` runs this with a real Keycloak")
	}
	cmd := exec.Command(filepath.Join(dir, "bin", "kc.sh"), "start-dev", "--db=dev-mem", "--http-host=127.0.0.1", "--http-port=0")
	cmd.Env = append(os.Environ(), "KC_BOOTSTRAP_ADMIN_USERNAME="+adminUser, "KC_BOOTSTRAP_ADMIN_PASSWORD="+adminPassword)
	// It is a script that starts another and that one Java: a group of its own
	// takes all of them along.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var (
		log   strings.Builder
		ready = make(chan string, 1)
		wg    sync.WaitGroup
	)
	wg.Go(func() {
		defer close(ready)
		lines := bufio.NewReader(out)
		for {
			line, err := lines.ReadString('\n')
			log.WriteString(line)
			if m := listening.FindStringSubmatch(line); m != nil {
				t.Logf("Keycloak %s", m[1])
				ready <- m[2]
			}
			if err != nil {
				_, _ = io.Copy(io.Discard, lines)
				return
			}
		}
	})
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		wg.Wait()
		_ = cmd.Wait() // it was told to end
		if t.Failed() {
			t.Logf("Keycloak said\n%s", log.String())
		}
	})
	// The first start of all builds the server, which takes twice as long.
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	select {
	case url := <-ready:
		if url == "" {
			t.Fatal("Keycloak ended before it listened")
		}
		return &Server{URL: url}
	case <-ctx.Done():
		t.Fatal("Keycloak did not come up")
		return nil
	}
}
