//go:build unix

package server_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"keyfob/app/agent"
	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/session"
)

const tooLong = "the request is longer than 64 KiB: shorten what you entered"

// padded is a request of so many bytes, and its line's end.
func padded(size int) string {
	head, tail := `{"v":2,"op":"status","address":"`, `"}`
	return head + strings.Repeat("x", size-len(head)-len(tail)) + tail + "\n"
}

// TestLongestRequest sends as much as a request may hold, and then a byte more
// with the client, which says so itself.
func TestLongestRequest(t *testing.T) {
	dir := folder(t)
	serve(t, dir, engine())
	conn := raw(t, dir)
	if _, err := io.WriteString(conn, padded(64<<10)); err != nil {
		t.Fatal(err)
	}
	var got struct{ OK bool }
	if err := json.NewDecoder(conn).Decode(&got); err != nil || !got.OK {
		t.Errorf("64 KiB: %+v, %v", got, err)
	}
	_, err := dial(t, dir).Recognise(t.Context(), "https://"+strings.Repeat("x", 64<<10))
	if err == nil || err.Error() != tooLong {
		t.Errorf("more than that: %v", err)
	}
}

// TestBadClients holds one bad client of each kind against the engine and
// checks that a good one is answered meanwhile and every bad one is dropped.
func TestBadClients(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	serve(t, dir, engine())
	for _, tt := range []struct {
		name, sends string
		wants       string // what the engine says before it hangs up
	}{
		{"garbage", "\x00\xff\x16\x03\x01 GET / HTTP/1.1\r\n\r\n", "this is not a request to keyfob"},
		{"HTTP", "GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n", "this is not a request to keyfob"},
		{"empty line", "\n", "this is not a request to keyfob"},
		{"no version", `{"op":"status"}` + "\n", "this is not a request to keyfob"},
		{
			"version of later", `{"v":3,"op":"status","tool":{"new":"shape"}}` + "\n",
			"the keyfob that runs is of another version than this program: run `keyfob quit`, then try again",
		},
		{"unknown op", `{"v":2,"op":"format"}` + "\n", `keyfob cannot do "format"`},
		{"deep", strings.Repeat("[", 1<<15) + "\n", "this is not a request to keyfob"},
		{"10 MiB", strings.Repeat("x", 10<<20), tooLong},
		{"64 KiB and a byte", padded(64<<10 + 1), tooLong},
		{"silent", "", ""},
		{"half a request", `{"v":2,"op":"sta`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.wants == "" {
				authtest.NotShort(t, "it waits out a deadline, as TestSilentClient does in simulated time")
			}
			t.Parallel()
			conn := raw(t, dir)
			go func() { _, _ = io.WriteString(conn, tt.sends) }() // a hang-up midway is lawful
			if err := isAnswered(t, dir); err != nil {
				t.Errorf("a good client meanwhile: %v", err)
			}
			var got struct{ Error *auth.Error }
			line, err := bufio.NewReader(conn).ReadBytes('\n')
			if tt.wants == "" {
				if len(line) > 0 || !errors.Is(err, io.EOF) {
					t.Fatalf("got %q, %v", line, err)
				}
				return
			}
			if err := json.Unmarshal(line, &got); err != nil || got.Error == nil || got.Error.Error() != tt.wants {
				t.Errorf("got %q, %v", line, err)
			}
			if rest, err := io.ReadAll(conn); len(rest) > 0 && err == nil {
				t.Errorf("and then %q", rest)
			}
		})
	}
}

// TestManyClients asks 400 times, 20 at a time, with as many silent ones in
// the way.
func TestManyClients(t *testing.T) {
	dir := folder(t)
	serve(t, dir, engine())
	for range 20 {
		raw(t, dir)
	}
	var clients sync.WaitGroup
	for range 20 {
		c := dial(t, dir)
		clients.Go(func() {
			for range 20 {
				var got agent.Token
				err := patiently(func() (err error) { got, err = c.Token(t.Context(), "a", session.TokenOptions{}); return err })
				if err != nil || got.Access != tokens().Access {
					t.Errorf("token: %v", err)
				}
			}
		})
	}
	clients.Wait()
}
