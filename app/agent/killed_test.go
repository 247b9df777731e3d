//go:build unix

package agent_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"

	"keyfob/app/agent"
	"keyfob/auth"
	"keyfob/auth/session"
)

// mortal plays engines that are killed: each of the first ones dies in the manner
// of dies, and the one after them answers.
type mortal struct {
	t      *testing.T
	dir    string
	dies   []string // "absent": before anybody connects; "asked": with the request
	starts int
	ln     net.Listener
}

func (m *mortal) start(context.Context) error {
	if m.ln != nil {
		_ = m.ln.Close()
	}
	m.starts++
	how := "answers"
	if m.starts <= len(m.dies) {
		how = m.dies[m.starts-1]
	}
	if how == "absent" {
		return nil
	}
	ln, err := net.Listen("unix", filepath.Join(m.dir, "agent.sock"))
	if err != nil {
		return err
	}
	m.ln = ln
	go func() {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		_, _ = conn.Read(make([]byte, 1<<10))
		_ = ln.Close() // and with it the socket
		if how == "answers" {
			_, _ = io.WriteString(conn, `{"v":2,"ok":true,"tokens":{"access":"a"}}`+"\n")
		}
		_ = conn.Close()
	}()
	return nil
}

// TestEnginesThatAreKilledOneAfterTheOther asks the next engine, unless the one
// before may have done already what must not be done twice, and not for ever.
func TestEnginesThatAreKilledOneAfterTheOther(t *testing.T) {
	for _, tt := range []struct {
		name   string
		dies   []string
		later  bool // asks for what is not asked for twice
		code   string
		starts int
	}{
		{"before they are asked", []string{"absent", "absent", "absent"}, false, "", 4},
		{"when they are asked", []string{"asked", "asked", "asked"}, false, "", 4},
		{"before they are asked to change something", []string{"absent", "absent"}, true, "", 3},
		{"when they are asked to change something", []string{"asked", "asked"}, true, auth.CodeAgentGone, 1},
		{"for ever", []string{"absent", "asked", "absent", "asked", "absent", "absent", "absent"}, false, auth.CodeAgentGone, 6},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir, err := os.MkdirTemp("", "kf") // the path of a socket must be short
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = os.RemoveAll(dir) }()
			m := &mortal{t: t, dir: dir, dies: tt.dies}
			c := agent.New(agent.Config{Dir: dir, Start: m.start})
			if tt.later {
				err = c.Later(t.Context(), "a")
			} else {
				_, err = c.Token(t.Context(), "a", session.TokenOptions{})
			}
			code := ""
			if e := (*auth.Error)(nil); errors.As(err, &e) {
				code = e.Code
			}
			if code != tt.code || m.starts != tt.starts {
				t.Errorf("%d starts, want %d; %v, want %q", m.starts, tt.starts, err, tt.code)
			}
		})
	}
}
