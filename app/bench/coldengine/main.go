//go:build unix

// Command coldengine is the least that gets a token from an engine which does not
// run yet: it starts an empty engine, which is this program once more, waits
// until that says that it is ready, and asks it over a unix socket for what the
// keychain holds under the name that its argument gives. The engine ends when it
// has answered. `keyfob token` without an engine is measured against it.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"github.com/zalando/go-keyring"
)

// service is the keychain's name for what this program reads.
const service = "coldengine"

func main() {
	run := ask
	if len(os.Args) > 2 {
		run = serve
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "coldengine:", err)
		os.Exit(1)
	}
}

func socket() string { return filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), "coldengine.sock") }

// ask starts the engine and prints what that answers.
func ask(name string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	engine := exec.Command(self, name, "engine")
	engine.ExtraFiles, engine.Dir = []*os.File{w}, "/"
	engine.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := engine.Start(); err != nil {
		return err
	}
	_ = w.Close()
	if line, err := bufio.NewReader(r).ReadString('\n'); err != nil {
		return fmt.Errorf("the engine says %q: %w", line, err)
	}
	conn, err := net.Dial("unix", socket())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if err := json.NewEncoder(conn).Encode(map[string]string{"op": "token", "tool": name}); err != nil {
		return err
	}
	line, err := bufio.NewReader(conn).ReadBytes('\n')
	if err != nil {
		return err
	}
	var reply struct {
		Access string `json:"access"`
	}
	if err := json.Unmarshal(line, &reply); err != nil {
		return err
	}
	fmt.Println(reply.Access)
	return nil
}

// serve is the engine: it answers once.
func serve(name string) error {
	ln, err := net.Listen("unix", socket())
	if err != nil {
		return err
	}
	defer func() { _ = ln.Close() }()
	ready := os.NewFile(3, "ready")
	if _, err := ready.WriteString("ready\n"); err != nil {
		return err
	}
	_ = ready.Close()
	conn, err := ln.Accept()
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if _, err := bufio.NewReader(conn).ReadBytes('\n'); err != nil {
		return err
	}
	token, err := keyring.Get(service, name)
	if err != nil {
		return err
	}
	return json.NewEncoder(conn).Encode(map[string]string{"access": token})
}
