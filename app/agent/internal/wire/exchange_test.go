package wire

import (
	"bufio"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
)

// TestSilentEngine has a client ask something that never says a word.
func TestSilentEngine(t *testing.T) {
	for _, op := range []Op[Nothing, Nothing]{
		Op[Nothing, Nothing](OpStatus), Op[Nothing, Nothing](OpWatch), Op[Nothing, Nothing](OpToken),
		Op[Nothing, Nothing](OpLogin), OpShow, OpQuit,
	} {
		synctest.Test(t, func(t *testing.T) {
			near, far := net.Pipe()
			defer func() { _ = far.Close() }()
			go func() { _, _ = io.Copy(io.Discard, far) }()
			began := time.Now()
			_, err := Exchange(t.Context(), near, op, Nothing{}, nil)
			if auth.KindOf(err) != auth.KindTransient || time.Since(began) > 5*time.Second {
				t.Errorf("%s: %v after %v", op, err, time.Since(began))
			}
			_ = near.Close()
		})
	}
}

// TestBadEngine answers a client with what no engine says.
func TestBadEngine(t *testing.T) {
	for _, tt := range []struct {
		says string
		kind auth.Kind
		code string
	}{
		{"HTTP/1.1 400 Bad Request\r\n", auth.KindProtocol, "agent_reply"},
		{"{}\n", auth.KindProtocol, "agent_reply"},
		{`{"v":2}` + "\n", auth.KindProtocol, "agent_reply"},
		{`{"v":2,"ok":true,"error":{"kind":"setup","what":"both"}}` + "\n", auth.KindProtocol, "agent_reply"},
		{`{"v":3,"result":[]}` + "\n", auth.KindSetup, "agent_version"},
		{`{"v":2,"ok":true,"tokens":"of another build"}` + "\n", auth.KindSetup, "agent_version"},
		{strings.Repeat("x", MaxReply+1), auth.KindProtocol, "agent_reply"},
		{`{"v":2,"ok":tr`, auth.KindTransient, "agent_gone"},
		{"", auth.KindTransient, "agent_gone"},
	} {
		synctest.Test(t, func(t *testing.T) {
			near, far := net.Pipe()
			go func() {
				_, _ = bufio.NewReader(far).ReadBytes('\n')
				_, _ = io.WriteString(far, tt.says)
				_ = far.Close()
			}()
			_, err := Exchange(t.Context(), near, OpToken, TokenRequest{}, nil)
			var e *auth.Error
			if !errors.As(err, &e) || e.Kind != tt.kind || e.Code != tt.code {
				t.Errorf("%.40q: %v", tt.says, err)
			}
			_ = near.Close()
		})
	}
}
