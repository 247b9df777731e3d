package wire_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"keyfob/app/agent/internal/personops"
	"keyfob/app/agent/internal/wire"
	"keyfob/auth"
)

// FuzzFrames reads arbitrary bytes as lines, and each line as what either end
// expects: every line is there once and whole, none is longer than allowed,
// and what cannot be read is an error with a kind.
func FuzzFrames(f *testing.F) {
	f.Add([]byte(`{"v":2,"op":"token","tool":"plant4","min_valid":60000000000}`+"\n"), 64)
	f.Add([]byte(`{"v":2,"ok":true,"wait":true}`+"\n"+`{"v":2,"error":{"kind":"setup","what":"x"}}`+"\n"), 40)
	f.Add([]byte("\n\n\r\n\x00"), 1)
	f.Add([]byte(`{"v":2,"op":1e999,"tokens":{"expiry":"x"}}`), 4096)
	f.Add(bytes.Repeat([]byte("x"), 9000), 5000)
	f.Fuzz(func(t *testing.T, data []byte, limit int) {
		limit = 1 + max(limit, -limit-1)%(1<<16)
		r := bufio.NewReaderSize(iotest.OneByteReader(bytes.NewReader(data)), 16)
		rest := data
		room := make([]byte, 0, limit+1)
		for {
			line, err := wire.ReadFrame(r, limit, func() []byte { return room })
			end := bytes.IndexByte(rest, '\n')
			switch {
			case err == nil:
				if end < 0 || !bytes.Equal(line, rest[:end]) || len(line) > limit {
					t.Fatalf("line %q of %q", line, rest)
				}
				rest = rest[end+1:]
				check(t, line)
				continue
			case errors.Is(err, wire.ErrTooLong):
				if end >= 0 && end <= limit || end < 0 && len(rest) <= limit {
					t.Fatalf("%q is longer than %d", rest, limit)
				}
			case errors.Is(err, io.ErrUnexpectedEOF):
				if end >= 0 || len(rest) == 0 {
					t.Fatalf("%q ends midway", rest)
				}
			case !errors.Is(err, io.EOF) || len(rest) > 0:
				t.Fatalf("%v before %q", err, rest)
			}
			return
		}
	})
}

// check reads a line as the request and as the reply of each operation.
func check(t *testing.T, line []byte) {
	if _, err := wire.DecodeHead(line); auth.KindOf(err) == auth.KindFailed {
		t.Fatalf("request %q: %v", line, err)
	}
	checkAs(t, line, wire.OpStatus)
	checkAs(t, line, wire.OpToken)
	checkAs(t, line, personops.OpInspect)
	checkAs(t, line, wire.OpLogin)
	checkAs(t, line, wire.OpLogout)
	checkAs(t, line, wire.OpCopy)
	checkAs(t, line, personops.OpPresets)
	checkAs(t, line, personops.OpRecognise)
	checkAs(t, line, personops.OpCheck)
	checkAs(t, line, personops.OpImport)
	checkAs(t, line, personops.OpChange)
}

func checkAs[Req, Rep any](t *testing.T, line []byte, op wire.Op[Req, Rep]) {
	if req, err := wire.DecodeRequest[Req](line); err != nil {
		if auth.KindOf(err) == auth.KindFailed {
			t.Fatalf("request %q: %v", line, err)
		}
	} else {
		again, err := wire.EncodeRequest(op, req)
		if err != nil {
			t.Fatalf("request %q: %v", line, err)
		}
		if head, err := wire.DecodeHead(again); err != nil || head.Op != string(op) {
			t.Fatalf("request %q as %q: %q, %v", line, again, head.Op, err)
		}
		back, err := wire.DecodeRequest[Req](again)
		if err != nil {
			t.Fatalf("request %q as %q: %v", line, again, err)
		}
		if third, err := wire.EncodeRequest(op, back); err != nil || !bytes.Equal(third, again) {
			t.Fatalf("request %q became %q, then %q", line, again, third)
		}
	}
	head, body, err := wire.DecodeReply(op, line)
	switch {
	case err != nil:
		if auth.KindOf(err) == auth.KindFailed {
			t.Fatalf("reply %q: %v", line, err)
		}
		return
	case head.OK == (head.Error != nil):
		t.Fatalf("reply %q is neither good nor bad", line)
	}
	again, err := wire.Encode(head, body)
	if err != nil {
		t.Fatalf("reply %q: %v", line, err)
	}
	head, body, err = wire.DecodeReply(op, bytes.TrimSuffix(again, []byte("\n")))
	if err != nil {
		t.Fatalf("reply %q as %q: %v", line, again, err)
	}
	if third, err := wire.Encode(head, body); err != nil || !bytes.Equal(third, again) {
		t.Fatalf("reply %q became %q, then %q", line, again, third)
	}
}
