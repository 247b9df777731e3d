//go:build bench && linux

package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keyfob/app/agent/server"
	"keyfob/app/e2e/bed"
	"keyfob/auth"
)

const (
	warmUps   = 10
	calls     = 200      // of each
	replySize = 4 * 1024 // bytes of JSON, about
	tokenSize = replySize - 300
)

// TestToken measures `keyfob token` while an engine runs, beside one round
// trip of the same size. Both are answered by this process, and the engine's
// side is the real one, with sessions made up.
func TestToken(t *testing.T) {
	b := bed.Start(t, bed.Options{NoDisplay: true, NoBus: true})
	token := strings.Repeat("t", tokenSize)
	socket := filepath.Join(b.Dir, "bare.sock")
	serveBare(t, socket, token)
	serveEngine(t, filepath.Join(b.Runtime, "keyfob"), token)

	programs := []struct {
		name string
		args []string
		took series
	}{
		{name: "one round trip (U)", args: []string{program(t, "bench/roundtrip"), socket}},
		{name: "keyfob token", args: []string{program(t, "keyfob"), "token", "bench"}},
	}
	for n := range warmUps + calls { // in turns, so that a noisy moment meets both
		for i := range programs {
			p := &programs[i]
			cmd := exec.Command(p.args[0], p.args[1:]...)
			cmd.Env = b.Env()
			var out bytes.Buffer
			cmd.Stdout = &out
			began := time.Now()
			err := cmd.Run()
			took := time.Since(began)
			if err != nil || strings.TrimSpace(out.String()) != token {
				t.Fatalf("%s: %v, %d bytes", p.name, err, out.Len())
			}
			if n >= warmUps {
				p.took = append(p.took, took)
			}
		}
	}

	rows := [][]string{{"token of 4 KB", "median", "×U", "p95", "×U"}}
	for _, p := range programs {
		u := programs[0].took
		rows = append(rows, []string{
			p.name,
			millis(p.took.median()), ratio(p.took.median(), u.median()),
			millis(p.took.at(0.95)), ratio(p.took.at(0.95), u.at(0.95)),
		})
	}
	table(rows)
}

// serveBare answers each line on the socket with one line.
func serveBare(t *testing.T, socket, token string) {
	t.Helper()
	ln, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	reply := map[string]any{
		"v":      1,
		"ok":     true,
		"tokens": map[string]string{"access": token, "pad": strings.Repeat("p", replySize-tokenSize-60)},
	}
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				if _, err := bufio.NewReader(conn).ReadBytes('\n'); err == nil {
					_ = json.NewEncoder(conn).Encode(reply)
				}
			}()
		}
	}()
}

// oneToken has the same token for whoever asks.
type oneToken struct {
	server.Sessions
	token string
}

func (o oneToken) Token(context.Context, string, time.Duration) (auth.Tokens, error) {
	now := time.Now()
	return auth.Tokens{Access: auth.Secret(o.token), Type: "Bearer", IssuedAt: now, Expiry: now.Add(time.Hour)}, nil
}

// serveEngine is an engine in dir that has a token for whoever asks.
func serveEngine(t *testing.T, dir, token string) {
	t.Helper()
	listener, err := server.Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- listener.Serve(ctx, server.Engine{Sessions: oneToken{token: token}})
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
		_ = listener.Close()
	})
}
