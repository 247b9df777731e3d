//go:build unix

package agent_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keyfob/app/agent"
	"keyfob/auth"
)

// said is the code of the error that came as the last word on conn.
func said(t *testing.T, conn net.Conn) string {
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
	conns := make([]net.Conn, agent.MaxWaiting+1)
	for i := range conns {
		conns[i] = raw(t, dir)
	}
	if code := said(t, conns[0]); code != agent.CodeBusy {
		t.Errorf("the oldest was told %q", code)
	}
	for _, conn := range conns[1:] { // they still may ask
		if _, err := io.WriteString(conn, `{"v":1,"op":"format"}`+"\n"); err != nil {
			t.Fatal(err)
		}
		if code := said(t, conn); code != "agent_request" {
			t.Fatalf("another was told %q", code)
		}
	}
}

// TestALongRequestMakesRoom sends more long requests at once than the engine has
// room for, and finishes none of them. One has to go; the others may still ask.
func TestALongRequestMakesRoom(t *testing.T) {
	dir := folder(t)
	serve(t, dir, engine())
	conns := make([]net.Conn, agent.MaxLong+1)
	told := make(chan string)
	for i := range conns {
		conns[i] = raw(t, dir)
		if _, err := io.WriteString(conns[i], strings.Repeat("x", 60<<10)); err != nil {
			t.Fatal(err)
		}
		go func() {
			var got struct{ Error *auth.Error }
			if err := json.NewDecoder(conns[i]).Decode(&got); err != nil || got.Error == nil {
				told <- fmt.Sprintf("%+v, %v", got, err)
			} else {
				told <- got.Error.Code
			}
		}()
	}
	if code := <-told; code != agent.CodeBusy {
		t.Errorf("the one that had to go was told %q", code)
	}
	for _, conn := range conns {
		_, _ = io.WriteString(conn, "\n") // one of them has been hung up on
	}
	for range conns[1:] {
		if code := <-told; code != "agent_request" {
			t.Errorf("another was told %q", code)
		}
	}
}

// TestAsManyAsCanBeWorkedOn has the engine work on as many requests as it
// takes. One more is turned away, until one of those is done.
func TestAsManyAsCanBeWorkedOn(t *testing.T) {
	dir := folder(t)
	began, done := make(chan string), make(chan string)
	ask := func() net.Conn {
		conn := raw(t, dir)
		if _, err := io.WriteString(conn, `{"v":1,"op":"token","tool":"a"}`+"\n"); err != nil {
			t.Fatal(err)
		}
		return conn
	}
	serve(t, dir, agent.Engine{Sessions: endless{began: began, ended: done}})
	all := make([]net.Conn, agent.MaxWorking)
	for i := range all {
		all[i] = ask()
		<-began
	}
	if code := said(t, ask()); code != agent.CodeBusy {
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

// TestWhoIsTurnedAwayAsksAgain plays an engine that has too many callers, for
// the first few times.
func TestWhoIsTurnedAwayAsksAgain(t *testing.T) {
	dir := folder(t)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("unix", filepath.Join(dir, "agent.sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	asked := make(chan int, 1)
	go func() {
		for n := 1; ; n++ {
			conn, err := ln.Accept()
			if err != nil {
				t.Error(err)
				return
			}
			if n < 4 { // the client may not even have asked
				_, _ = io.WriteString(conn, `{"v":1,"error":{"kind":"transient","code":"agent_busy","what":"busy"}}`+"\n")
				_ = conn.Close()
				continue
			}
			_, _ = conn.Read(make([]byte, 1<<10))
			_, _ = io.WriteString(conn, `{"v":1,"ok":true}`+"\n")
			_ = conn.Close()
			asked <- n
			return
		}
	}()
	if err := dial(t, dir).Later(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if n := <-asked; n != 4 {
		t.Errorf("it asked %d times", n)
	}
}
