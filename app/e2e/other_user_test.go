//go:build linux

package e2e_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"keyfob/auth/authtest"
	"keyfob/auth/idp"
)

// onlooker is another user of the machine, who reads the arguments of every
// process over and over.
type onlooker struct {
	mu   sync.Mutex
	seen map[string]bool
	stop func()
}

func newOnlooker(t *testing.T) *onlooker {
	t.Helper()
	o := &onlooker{seen: map[string]bool{}}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			o.round()
		}
	}()
	o.stop = sync.OnceFunc(func() { cancel(); <-done })
	t.Cleanup(o.stop)
	return o
}

func (o *onlooker) round() {
	all, err := os.ReadDir("/proc")
	if err != nil {
		return
	}
	var lines []string
	for _, e := range all {
		if name := e.Name(); name[0] >= '0' && name[0] <= '9' {
			b, _ := os.ReadFile("/proc/" + name + "/cmdline") // it may have ended
			lines = append(lines, string(bytes.ReplaceAll(b, []byte{0}, []byte{' '})))
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, l := range lines {
		o.seen[l] = true
	}
}

// find gives an argument of this opener that is an address, other than the known
// one, or nothing.
func (o *onlooker) find(opener, known string) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	for line := range o.seen {
		words := strings.Fields(line)
		if last := len(words) - 1; last > 0 && words[last-1] == opener && strings.HasPrefix(words[last], "http") && words[last] != known {
			return words[last]
		}
	}
	return ""
}

// TestAnotherUserLooksOn signs in, renews and signs out while another user reads
// the arguments of all processes: nothing in them is of use. The other user tries
// whatever there is, and also knows the state, which no argument holds.
func TestAnotherUserLooksOn(t *testing.T) {
	authtest.NeedRoot(t, "another user looks on")
	authtest.Need(t, "curl")
	h := newHeadless(t, "ann")
	gate := filepath.Join(h.Dir, "gate") // the opener runs for as long as it is there
	program := filepath.Join(h.Dir, "bin", "xdg-open")
	opener := "#!/bin/sh\nwhile [ -e '" + gate + "' ]; do sleep 0.02; done\n"
	if err := os.WriteFile(program, []byte(opener), 0o700); err != nil {
		t.Fatal(err)
	}
	closeGate := func() {
		if err := os.WriteFile(gate, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var secrets []string
	var mu sync.Mutex
	noteSecrets := func(values ...string) {
		mu.Lock()
		defer mu.Unlock()
		for _, v := range values {
			if len(v) < 20 {
				t.Errorf("a secret of %d letters", len(v))
			}
			secrets = append(secrets, v)
		}
	}
	asked := make(chan url.Values, 4)
	h.provider.faults.Set("/authorize", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		asked <- r.URL.Query()
		next.ServeHTTP(w, r)
	})
	// curlAsOther sends a request as another user, and returns the answer. Its own
	// arguments must not be found, so they go by its input.
	curlAsOther := func(options ...string) string {
		t.Helper()
		cmd := authtest.AsOther(t, exec.Command("curl", "--silent", "--include", "--max-time", "20", "--noproxy", "*", "--config", "-"))
		cmd.Stdin = strings.NewReader(strings.Join(options, "\n"))
		out, _ := cmd.Output() // which fails, since the connection is dropped
		return string(out)
	}

	o := newOnlooker(t)
	closeGate()
	login := h.run(h.bus, "login", plant4)
	var at string
	h.Wait("the browser's argument", func() bool { at = o.find(program, ""); return at != "" })
	if got := curlAsOther("url = " + at); got != "" {
		t.Errorf("another user was sent on: %s", got)
	}
	// The person comes, and the provider learns what the request holds.
	page, err := http.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	_ = page.Body.Close()
	q := <-asked
	noteSecrets(q.Get("state"), q.Get("nonce"), q.Get("code_challenge"))
	back, state := "url = "+q.Get("redirect_uri"), q.Get("state")
	for _, options := range [][]string{
		{back + "?code=theirs&state=" + state},
		{back, "data = code=theirs&state=" + state},
		{back + "?error=access_denied&error_description=theirs&state=" + state},
	} {
		if got := curlAsOther(options...); got != "" {
			t.Errorf("another user was answered: %s", got)
		}
	}
	if !login.Running() {
		t.Fatalf("another user ended the sign-in: %s", login.Output())
	}
	if err := os.Remove(gate); err != nil {
		t.Fatal(err)
	}
	if err := (idp.Person{Username: h.provider.user, Password: "pw"}).SignIn(t.Context(), at); err != nil {
		t.Errorf("the person ended with %v", err)
	}
	if code := h.Exit(login.Process); code != 0 || h.provider.faults.Seen("/token") != 1 {
		t.Errorf("the sign-in ended with %d after %d exchanges: %s", code, h.provider.faults.Seen("/token"), login.Output())
	}

	// A renewal, and a sign-out.
	before := h.load()
	noteSecrets(before.ID.Reveal(), before.Refresh.Reveal(), before.Access.Reveal())
	_ = h.keyfob("token", plant4, "--min-valid", "2h") // which no renewal brings
	after := h.load()
	if after.Access == before.Access {
		t.Error("nothing was renewed")
	}
	noteSecrets(after.ID.Reveal(), after.Refresh.Reveal(), after.Access.Reveal())
	closeGate()
	logout := h.run(h.bus, "logout", plant4)
	begun := at
	h.Wait("the browser's argument", func() bool { at = o.find(program, begun); return at != "" })
	if got := curlAsOther("url = " + at); got != "" {
		t.Errorf("another user was sent on: %s", got)
	}
	out, err := http.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	_ = out.Body.Close()
	if got := out.Request.URL; got.Path != "/end_session" || !got.Query().Has("id_token_hint") {
		t.Errorf("the person's browser came to %s", got.Path)
	}
	if err := os.Remove(gate); err != nil {
		t.Fatal(err)
	}
	if code := h.Exit(logout.Process); code != 0 || !strings.Contains(logout.Output(), "sign-out page is in the browser") {
		t.Errorf("the sign-out ended with %d: %s", code, logout.Output())
	}

	o.stop() // it was quick enough to find the browser's argument, twice
	for line := range o.seen {
		for _, secret := range secrets {
			if strings.Contains(line, secret) || strings.Contains(line, url.QueryEscape(secret)) {
				t.Errorf("a secret is in the arguments of %s", strings.Fields(line)[0])
			}
		}
	}
}
