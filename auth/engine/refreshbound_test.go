package engine_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// TestASilentProviderHoldsUpNobodyElse lets sixty sessions wake, forty of them
// at a provider that swallows every request: eight of those wait for it at a
// time, and the others are renewed all the same. Somebody who asks does not
// wait for room.
func TestASilentProviderHoldsUpNobodyElse(t *testing.T) {
	const other = "http://127.0.0.1:9090"
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		n := env.useFakeNetwork()
		env.signInMany("renews", 40)
		for i := range 20 {
			tool := env.tools[0]
			tool.ID, tool.Issuer = "other"+string(rune('a'+i)), other
			env.tools = append(env.tools, tool)
			env.signIn(tool.ID)
		}
		m := env.manager()
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		silent := func(r *http.Request) (*http.Response, error) {
			if "http://"+r.URL.Host == other {
				return n.next.RoundTrip(r)
			}
			return swallows(r)
		}
		n.set(silent)
		env.sleep(8 * time.Hour)
		if err := m.Wake(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Minute)
		all, err := m.Snapshots(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range all {
			if strings.HasPrefix(s.Tool, "renews") && s.Problem == nil {
				t.Errorf("%s has not been tried in two minutes", s.Tool)
			}
		}
		asked := make(chan error, 1)
		go func() {
			_, err := m.Token(t.Context(), "renews38", session.TokenOptions{})
			asked <- err
		}()
		time.Sleep(16 * time.Second)
		select {
		case err := <-asked:
			if kindOf(err) != auth.KindTransient {
				t.Errorf("who asks is told %v", err)
			}
		default:
			t.Error("who asks waits for room")
		}
		for _, s := range all {
			if strings.HasPrefix(s.Tool, "other") && !s.AccessUntil.After(env.now()) {
				t.Errorf("%s is not renewed: %v", s.Tool, s.Problem)
			}
		}
		time.Sleep(3 * time.Minute)
		if most := mostAtOnce(n.seen()); most < 8 || most > 9 { // and the one that was asked for
			t.Errorf("%d requests at a time", most)
		}
		n.set(nil)
		time.Sleep(7 * time.Minute) // the longest pause, and some more
		if all, err = m.Snapshots(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, s := range all {
			if s.Tool != "ends" && !s.AccessUntil.After(env.now()) {
				t.Errorf("%s never had its turn: %v", s.Tool, s.Problem)
			}
		}
	})
}

// mostAtOnce is how many of the attempts were under way at one moment.
func mostAtOnce(attempts []attempt) (most int) {
	for _, a := range attempts {
		at := 0
		for _, b := range attempts {
			if !a.began.Before(b.began) && a.began.Before(b.ended) {
				at++
			}
		}
		most = max(most, at)
	}
	return most
}
