package loopback_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/loopback"
)

// manners are how another user may leave.
var manners = []string{"waits", "closes", "resets"}

// TestAnotherUserKnowsTheState has another user of this machine, with the right
// state, bring an answer of his own: it is not even read.
func TestAnotherUserKnowsTheState(t *testing.T) {
	for _, redirect := range []string{"http://127.0.0.1/callback", "http://localhost/callback"} {
		l, got := listen(t, redirect)
		at, err := url.Parse(l.RedirectURI())
		if err != nil {
			t.Fatal(err)
		}
		places := []string{"127.0.0.1:" + at.Port(), "[::ffff:127.0.0.1]:" + at.Port()}
		if at.Hostname() == "localhost" {
			places = append(places, "[::1]:"+at.Port())
		}
		query := url.Values{"code": {"his"}, "state": {state.Reveal()}}.Encode()
		for _, place := range places {
			for _, how := range manners {
				get := "GET /callback?" + query + " HTTP/1.1\r\nHost: " + at.Host + "\r\n\r\n"
				post := "POST /callback HTTP/1.1\r\nHost: " + at.Host + "\r\nContent-Type: application/x-www-form-urlencoded\r\n" +
					"Content-Length: " + strconv.Itoa(len(query)) + "\r\n\r\n" + query
				for _, request := range []string{get, post} {
					if answer := end(t, start(t, how, place, request)); answer != "" {
						t.Errorf("%s who %s was answered %q", place, how, answer)
					}
				}
			}
		}
		finish(t, l, got)
	}
}

// TestAnotherUserTakesTheHandoff reads the browser's command line and is there
// first: he gets nothing, it does not count, and the browser gets there.
func TestAnotherUserTakesTheHandoff(t *testing.T) {
	const target = "https://id.example.com/logout?id_token_hint=canary"
	l, err := loopback.Listen(t.Context(), loopback.Options{Redirect: "http://127.0.0.1/callback"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	h := l.Hand(target)
	at, err := url.Parse(h.URL())
	if err != nil {
		t.Fatal(err)
	}
	for _, how := range manners {
		if answer := end(t, start(t, how, at.Host, "GET "+at.Path+" HTTP/1.1\r\nHost: "+at.Host+"\r\n\r\n")); answer != "" {
			t.Errorf("who %s was answered %q", how, answer)
		}
	}
	status, to := send(t, http.MethodGet, h.URL(), "")
	if status != http.StatusSeeOther || to != target || !h.Sure() {
		t.Errorf("the browser got %d, %q", status, to)
	}
}

// TestAnotherUserFloods opens 20,000 connections, or as many as there is time
// for, while a sign-in ends: the browser's answer arrives, and it gets its page.
func TestAnotherUserFloods(t *testing.T) {
	const each, floods = 5000, 4
	l, got := listen(t, "http://127.0.0.1/callback")
	var all []*authtest.Child
	for range floods {
		all = append(all, start(t, "flood", host(t, l), strconv.Itoa(each)))
	}
	for _, s := range all {
		if line := s.Line(t); line != "flooding" {
			t.Fatalf("the other user says %q", line)
		}
	}
	finish(t, l, got)
	total := 0
	for _, s := range all {
		n, err := strconv.Atoi(end(t, s))
		if err != nil {
			t.Error(err)
		}
		total += n
	}
	if total < floodBegun*floods {
		t.Errorf("only %d connections were made", total)
	}
}

// TestAnotherUserHasThePort holds the port on [::1]. With localhost, where the
// browser might go there, that port is not used; with 127.0.0.1 nobody comes to
// the other user.
func TestAnotherUserHasThePort(t *testing.T) {
	held, free := freePort(t), freePort(t)
	other := start(t, "listen", "[::1]:"+strconv.Itoa(held), "-")
	if line := other.Line(t); line != "listening" {
		authtest.NotHere(t, "this machine has no IPv6 loopback: %s", line)
	}
	_, err := loopback.Listen(t.Context(), loopback.Options{Redirect: "http://localhost/callback", Ports: []int{held}})
	if e := auth.AsError(err); e == nil || e.Code != "ports_busy" {
		t.Errorf("with localhost: %v", err)
	}
	for redirect, port := range map[string]int{"http://localhost/callback": free, "http://127.0.0.1/callback": held} {
		l, err := loopback.Listen(t.Context(), loopback.Options{Redirect: redirect, Ports: []int{held, free}})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(host(t, l), ":"+strconv.Itoa(port)) {
			t.Errorf("%s: listens on %s", redirect, host(t, l))
		}
		if status, to := send(t, http.MethodGet, l.Hand("https://id.example.com/").URL(), ""); status != http.StatusSeeOther || to == "" {
			t.Errorf("%s: the browser got %d", redirect, status)
		}
		got := make(chan result, 1)
		go func() {
			cb, err := l.Wait(t.Context(), state)
			got <- result{cb, err}
		}()
		finish(t, l, got)
		_ = l.Close()
	}
	if came := end(t, other); came != "0" {
		t.Errorf("%s connections came to the other user", came)
	}
}
