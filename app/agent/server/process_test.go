//go:build unix

package server_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"keyfob/app/agent"
	"keyfob/app/agent/server"
	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/session"
)

// TestMain lets the test binary be an engine process of its own.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "engine" {
		os.Exit(engineProcess(os.Args[2]))
	}
	if len(os.Args) == 4 && os.Args[1] == "stranger" {
		if err := strangerProcess(os.Args[2], os.Args[3]); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// engineProcess says on stdout how its start went and serves until stdin ends.
func engineProcess(dir string) int {
	l, err := server.Listen(dir)
	if errors.Is(err, server.ErrRunning) {
		fmt.Println("running already")
		return 0
	}
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("ready")
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, _ = os.Stdin.Read(make([]byte, 1))
		cancel()
	}()
	if err := errors.Join(l.Serve(ctx, engine()), l.Close()); err != nil {
		return 1
	}
	return 0
}

// start starts an engine process and returns it with what it said. It ends
// with the test at the latest.
func start(t *testing.T, dir string) (*exec.Cmd, string) {
	t.Helper()
	c := authtest.StartChild(t, exec.Command(os.Args[0], "engine", dir))
	return c.Cmd, c.Line(t)
}

func TestStartsAtOnce(t *testing.T) {
	dir := folder(t)
	said := make([]string, 6)
	var starts sync.WaitGroup
	for i := range said {
		starts.Go(func() { _, said[i] = start(t, dir) })
	}
	starts.Wait()
	count := map[string]int{}
	for _, s := range said {
		count[s]++
	}
	if count["ready"] != 1 || count["running already"] != len(said)-1 {
		t.Fatalf("got %v", said)
	}
	if _, err := dial(t, dir).Status(t.Context()); err != nil {
		t.Error("the one that remains:", err)
	}
	if _, err := server.Listen(dir); !errors.Is(err, server.ErrRunning) {
		t.Errorf("one more: %v", err)
	}
}

func TestAfterKill(t *testing.T) {
	dir := folder(t)
	for range 3 {
		cmd, said := start(t, dir)
		if said != "ready" {
			t.Fatal(said)
		}
		if _, err := dial(t, dir).Status(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		if _, err := os.Lstat(filepath.Join(dir, "agent.sock")); err != nil {
			t.Fatalf("kill -9 left no socket to test with: %v", err)
		}
		if _, err := agent.Dial(t.Context(), dir); !errors.Is(err, agent.ErrNoAgent) {
			t.Fatalf("dial the dead: %v", err)
		}
	}
	serve(t, dir, engine())
	if _, err := dial(t, dir).Status(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestStoppedEngine(t *testing.T) {
	authtest.NotShort(t, "it waits out a silence, as TestSilentEngine does in simulated time")
	t.Parallel()
	dir := folder(t)
	cmd, said := start(t, dir)
	if said != "ready" {
		t.Fatal(said)
	}
	authtest.Freeze(t, cmd.Process.Pid)
	c, err := agent.Dial(t.Context(), dir)
	if err == nil {
		_, err = c.Token(t.Context(), "plant4", session.TokenOptions{})
	}
	var e *auth.Error
	if !errors.As(err, &e) || e.Kind != auth.KindTransient || e.Code != "agent_silent" {
		t.Errorf("stopped: %v", err)
	}
	if err := cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if _, err := dial(t, dir).Status(t.Context()); err != nil {
		t.Error("woken:", err)
	}
}
