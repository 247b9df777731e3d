//go:build unix

package server_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"keyfob/app/agent/server"
	"keyfob/auth"
)

// lastCode is the code of the error that came as the last word on conn.
func lastCode(t *testing.T, conn net.Conn) string {
	t.Helper()
	var got struct{ Error *auth.Error }
	if err := json.NewDecoder(conn).Decode(&got); err != nil || got.Error == nil {
		t.Fatalf("got %+v, %v", got, err)
	}
	return got.Error.Code
}

// TestTheOldestIdleOneMakesRoom connects one more than may be idle.
func TestTheOldestIdleOneMakesRoom(t *testing.T) {
	dir := folder(t)
	serve(t, dir, engine())
	conns := make([]net.Conn, server.MaxPending+1)
	for i := range conns {
		conns[i] = raw(t, dir)
	}
	if code := lastCode(t, conns[0]); code != auth.CodeAgentBusy {
		t.Errorf("the oldest was told %q", code)
	}
	for _, conn := range conns[1:] { // they still may ask
		if _, err := io.WriteString(conn, `{"v":2,"op":"format"}`+"\n"); err != nil {
			t.Fatal(err)
		}
		if code := lastCode(t, conn); code != "agent_request" {
			t.Fatalf("another was told %q", code)
		}
	}
}

// TestALongRequestMakesRoom sends more long requests at once than the engine has
// room for, and finishes none of them. One has to go; the others may still ask.
func TestALongRequestMakesRoom(t *testing.T) {
	dir := folder(t)
	serve(t, dir, engine())
	conns := make([]net.Conn, server.MaxLong+1)
	codes := make(chan string)
	for i := range conns {
		conns[i] = raw(t, dir)
		if _, err := io.WriteString(conns[i], strings.Repeat("x", 60<<10)); err != nil {
			t.Fatal(err)
		}
		go func() {
			var got struct{ Error *auth.Error }
			if err := json.NewDecoder(conns[i]).Decode(&got); err != nil || got.Error == nil {
				codes <- fmt.Sprintf("%+v, %v", got, err)
			} else {
				codes <- got.Error.Code
			}
		}()
	}
	if code := <-codes; code != auth.CodeAgentBusy {
		t.Errorf("the one that had to go was told %q", code)
	}
	for _, conn := range conns {
		_, _ = io.WriteString(conn, "\n") // one of them has been hung up on
	}
	for range conns[1:] {
		if code := <-codes; code != "agent_request" {
			t.Errorf("another was told %q", code)
		}
	}
}

// TestAsManyAsCanBeWorkedOn has the engine work on as many requests as it
// takes. One more is turned away, until one of those is done.
func TestAsManyAsCanBeWorkedOn(t *testing.T) {
	dir := folder(t)
	began, done := make(chan string), make(chan string)
	request := func() net.Conn {
		conn := raw(t, dir)
		if _, err := io.WriteString(conn, `{"v":2,"op":"token","tool":"a"}`+"\n"); err != nil {
			t.Fatal(err)
		}
		return conn
	}
	serve(t, dir, server.Engine{Sessions: endless{began: began, ended: done}})
	all := make([]net.Conn, server.MaxWorking)
	for i := range all {
		all[i] = request()
		<-began
	}
	if code := lastCode(t, request()); code != auth.CodeAgentBusy {
		t.Errorf("one more was told %q", code)
	}
	if err := dial(t, dir).Cancel(t.Context(), "a"); err == nil || auth.AsError(err).Code != "cancel" { // as this engine answers it
		t.Errorf("cancel: %v", err)
	}
	_ = all[0].Close()
	<-done
	if _, err := dial(t, dir).Status(t.Context()); err != nil { // it asks again while the place is being freed
		t.Error(err)
	}
	for _, conn := range all[1:] {
		_ = conn.Close()
		<-done
	}
}
