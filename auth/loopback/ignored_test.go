package loopback_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"keyfob/assets"
)

func TestRequestsThatAreIgnored(t *testing.T) {
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	tests := []struct {
		name, method, target, host, body string
		header                           []string
		status                           int
	}{
		{name: "wrong state", target: "?code=x&state=wrong", status: 400},
		{name: "state with more behind it", target: "?code=x&state=right-state1", status: 400},
		{name: "state in other letters", target: "?code=x&state=Right-State", status: 400},
		{name: "missing state", target: "?code=x", status: 400},
		{name: "empty state", target: "?code=x&state=", status: 400},
		{name: "error without state", target: "?error=access_denied", status: 400},
		{name: "nothing", target: "", status: 400},
		{name: "wrong states", target: "?code=a&state=wrong&state=right-state1", status: 400},
		{name: "semicolon in the state", target: "?code=a&state=right-state;", status: 400},
		{name: "state behind a semicolon", target: "?code=a;state=right-state", status: 400},
		{name: "broken escape in the state", target: "?code=a&state=right-state%", status: 400},
		{name: "favicon", target: "/../favicon.ico", status: 404},
		{name: "path below", target: "/more?code=a&state=right-state", status: 404},
		{name: "path in other letters", target: "/../Callback?code=a&state=right-state", status: 404},
		{name: "escaped path", target: "/../%63allback?code=a&state=right-state", status: 404},
		{name: "HEAD", method: http.MethodHead, target: "?code=a&state=right-state", status: 405},
		{name: "TRACE", method: http.MethodTrace, target: "?code=a&state=right-state", status: 405},
		{name: "PUT", method: http.MethodPut, target: "?code=a&state=right-state", status: 405},
		{name: "OPTIONS", method: http.MethodOptions, target: "?code=a&state=right-state", status: 405},
		{name: "another host", target: "?code=a&state=right-state", host: "evil.test", status: 403},
		{name: "another host with our port", target: "?code=a&state=right-state", host: "evil.test:PORT", status: 403},
		{name: "localhost for 127.0.0.1", target: "?code=a&state=right-state", host: "localhost:PORT", status: 403},
		{name: "our host without port", target: "?code=a&state=right-state", host: "127.0.0.1", status: 403},
		{
			name:   "POST with the answer in the address",
			method: http.MethodPost,
			target: "?code=a&state=right-state",
			header: form,
			status: 400,
		},
		{
			name:   "POST of JSON",
			method: http.MethodPost,
			body:   `{"state":"right-state"}`,
			header: []string{"Content-Type", "application/json"},
			status: 415,
		},
		{name: "POST without a kind", method: http.MethodPost, body: "state=right-state", status: 415},
		{name: "POST with a wrong state", method: http.MethodPost, body: "code=a&state=wrong", header: form, status: 400},
		{
			name:   "POST of too much",
			method: http.MethodPost,
			body:   "state=right-state&code=" + strings.Repeat("a", 1<<17),
			header: form,
			status: 413,
		},
	}
	l, got := listen(t, "http://127.0.0.1/callback")
	at, err := url.Parse(l.RedirectURI())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			method := tt.method
			if method == "" {
				method = http.MethodGet
			}
			address := l.RedirectURI() + tt.target
			if rest, ok := strings.CutPrefix(tt.target, "/.."); ok {
				address = "http://" + at.Host + rest
			}
			status, page, header := do(
				t,
				method,
				address,
				strings.ReplaceAll(tt.host, "PORT", at.Port()),
				strings.NewReader(tt.body),
				tt.header...)
			if status != tt.status {
				t.Errorf("status %d, want %d", status, tt.status)
			}
			want := assets.CallbackIgnored()
			if method == http.MethodHead {
				want = ""
			}
			if page != want {
				t.Errorf("the page is not the constant one: %q", page)
			}
			if strings.Contains(page, state.Reveal()) || strings.Contains(fmt.Sprint(header), state.Reveal()) {
				t.Error("the expected state is in the answer")
			}
		})
	}
	finish(t, l, got)
}

func TestOversizedRequestsDoNotEndTheWait(t *testing.T) {
	l, got := listen(t, "http://127.0.0.1/callback")
	// The server may reset the connection before its 431 is read.
	resp, err := client().Get(l.RedirectURI() + "?state=right-state&code=" + strings.Repeat("a", 1<<17))
	if err == nil {
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("status %d", resp.StatusCode)
		}
	}
	finish(t, l, got)
}

func TestReplayIsIgnored(t *testing.T) {
	l, got := listen(t, "http://127.0.0.1/callback")
	finish(t, l, got)
	status, page, _ := do(t, http.MethodGet, l.RedirectURI()+"?code=c&state="+state.Reveal(), "", nil)
	if status != http.StatusBadRequest || page != assets.CallbackIgnored() {
		t.Errorf("replayed: %d %q", status, page)
	}
	if _, err := l.Wait(t.Context(), state); err == nil {
		t.Error("a listener waited twice")
	}
}
