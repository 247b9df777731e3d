//go:build unix

package main_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"keyfob/app/agent"
	"keyfob/app/agent/server"
	"keyfob/auth"
	"keyfob/auth/session"
)

const (
	tool  = "plant4"
	token = "eyJhbGciOiJub25lIn0.e30.x"
)

// sessions answers for one tool that is signed in and one that is not.
type sessions struct{ server.Sessions }

func (sessions) Status(context.Context) (agent.Status, error) {
	until := time.Date(2100, 1, 2, 3, 4, 5, 0, time.UTC)
	return agent.Status{
		Snapshots: []session.Snapshot{
			{
				Tool: tool, Name: "Plant \x1b[31m4", State: session.Active, Account: "ann@example.com", AccessUntil: until, EndsAt: until,
				API: "https://api.example.com/x'y", Renewal: &session.Renewal{Mode: session.Automatic},
			},
			{Tool: "plant5", Name: "Plant 5", State: session.SignedOut},
		},
		Ignored: []*auth.Error{{Kind: auth.KindSetup, Code: "x", What: "a key is ignored", Do: "remove it"}},
		Orphans: []agent.Orphan{{Tool: "gone", Holds: "tokens"}},
	}, nil
}

func (sessions) Token(_ context.Context, name string, _ session.TokenOptions) (agent.Token, error) {
	switch name {
	case tool:
		return agent.Token{
			Tokens: auth.Tokens{
				Access: token, ID: "eyJhbGciOiJub25lIn0.eyJleHAiOjQxMDI1NDU2MDB9.x", Type: "Bearer", Scopes: []string{"openid", "a<b"},
				Account: auth.Account{Issuer: "https://idp.example.com", Subject: "1", Email: "ann@example.com"},
				Expiry:  time.Date(2100, 1, 2, 3, 4, 5, 6, time.UTC),
			},
			Address: "https://api.example.com/x'y",
		}, nil
	case "plant5":
		return agent.Token{}, &auth.Error{
			Kind: auth.KindSignIn, Code: "signed_out", Who: auth.WhoYou,
			What: "you are signed out of plant5", Do: "run `keyfob login plant5`",
		}
	case "slow":
		return agent.Token{}, &auth.Error{
			Kind: auth.KindTransient,
			Who:  auth.WhoWait,
			What: "the provider does not answer",
			Do:   "try again",
		}
	case "locked":
		return agent.Token{}, &auth.Error{Kind: auth.KindKeychain, Who: auth.WhoYou, What: "the keychain is locked", Do: "unlock it"}
	}
	return agent.Token{}, unknown(name)
}

func (sessions) SignOut(_ context.Context, name string, o session.SignOutOptions) (session.SignOutResult, error) {
	switch {
	case name != tool && name != "plant5":
		return session.SignOutResult{}, unknown(name)
	case o.Local:
		return session.SignOutResult{}, nil
	}
	return session.SignOutResult{Words: []string{"the provider revoked the tokens"}, Incomplete: true, Rule: "close the browser, too"}, nil
}

func unknown(name string) error {
	return &auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeUnknownTool, Who: auth.WhoYou,
		What: "there is no tool " + auth.Quote(name) + " in the settings", Do: "run `keyfob status` to see the tools",
	}
}

// serve runs that engine until the test ends.
func serve(t *testing.T, p place) {
	t.Helper()
	listener, err := server.Listen(p.engineDir())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- listener.Serve(ctx, server.Engine{Sessions: sessions{}, Quit: func() {}}) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		_ = listener.Close()
	})
}

// pretend answers each connection with text, in the engine's place.
func pretend(t *testing.T, p place, text string) {
	t.Helper()
	if err := os.Mkdir(p.engineDir(), 0o700); err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("unix", filepath.Join(p.engineDir(), "agent.sock"))
	if err != nil {
		t.Fatal(err)
	}
	var conns sync.WaitGroup
	conns.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			conns.Go(func() {
				defer func() { _ = conn.Close() }()
				_, _ = bufio.NewReader(conn).ReadString('\n')
				_, _ = io.WriteString(conn, text)
			})
		}
	})
	t.Cleanup(func() {
		_ = ln.Close()
		conns.Wait()
	})
}
