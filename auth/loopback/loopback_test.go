package loopback_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/assets"
	"keyfob/auth"
	"keyfob/auth/loopback"
)

const state = auth.Secret("right-state")

type result struct {
	cb  *loopback.Callback
	err error
}

// listen opens a listener for redirect and waits on it for state.
func listen(t *testing.T, redirect string) (*loopback.Listener, <-chan result) {
	t.Helper()
	l, err := loopback.Listen(t.Context(), loopback.Options{Redirect: redirect})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	got := make(chan result, 1)
	go func() {
		cb, err := l.Wait(t.Context(), state)
		got <- result{cb, err}
	}()
	return l, got
}

// client is a browser's part: no connection reuse, no redirects, no proxy.
func client() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
}

func do(t *testing.T, method, address, host string, body io.Reader, header ...string) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Error(err)
		return 0, "", nil
	}
	if host != "" {
		req.Host = host
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := client().Do(req)
	if err != nil {
		t.Error(err) // not Fatal: some callers are no test's own goroutine
		return 0, "", nil
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	return resp.StatusCode, string(page), resp.Header
}

// finish completes the sign-in as a browser that brings the right answer, and
// fails the test when something before it has ended the wait.
func finish(t *testing.T, l *loopback.Listener, got <-chan result) {
	t.Helper()
	select {
	case r := <-got:
		t.Fatalf("the wait ended early: %+v", r)
	default:
	}
	page := make(chan string, 1)
	go func() {
		_, p, _ := do(t, http.MethodGet, l.RedirectURI()+"?code=c&state="+state.Reveal(), "", nil)
		page <- p
	}()
	var r result
	select {
	case r = <-got:
	case p := <-page:
		t.Fatalf("the right answer got %q", p)
	}
	if r.err != nil {
		t.Fatal(r.err)
	}
	if r.cb.Values.Get("code") != "c" {
		t.Errorf("values = %v", r.cb.Values)
	}
	r.cb.Finish(true)
	if p := <-page; p != assets.CallbackSignedIn() {
		t.Errorf("the browser shows %q", p)
	}
}

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

// Whoever knows the state may end the sign-in: what is odd or wrong about such
// an answer is for the one who waits to judge, at once.
func TestAnswersWithTheRightState(t *testing.T) {
	for _, tt := range []struct{ query, name, want string }{
		{"code=a;b&state=right-state", "code", `["a;b"]`},
		{"code=a&state=right-state&session_state=x;y", "code", `["a"]`},
		{"code=a&state=right-state&foo=1&foo=2", "foo", `["1" "2"]`},
		{"code=a&state=right-state&%zz=%zz&&=", "code", `["a"]`},
		{"code=%zz&state=right-state", "code", `["\ufffd"]`},
		{"code=a&code=b&state=right-state", "code", `["a" "b"]`},
		{"code=a&iss=b&iss=&state=right-state", "iss", `["b" ""]`},
		{"code=a&state=right-state&state=right-state", "state", `["right-state" "right-state"]`},
		{"code=a&state=wrong&state=right-state", "state", `["wrong" "right-state"]`},
		{"%63ode=a+b%2B&state=right%2Dstate", "code", `["a b+"]`},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			t.Run(method+"/"+tt.query, func(t *testing.T) {
				l, got := listen(t, "http://127.0.0.1/callback")
				page := make(chan string, 1)
				go func() {
					var p string
					if method == http.MethodGet {
						_, p, _ = do(t, method, l.RedirectURI()+"?"+tt.query, "", nil)
					} else {
						_, p, _ = do(t, method, l.RedirectURI(), "", strings.NewReader(tt.query), "Content-Type", "application/x-www-form-urlencoded")
					}
					page <- p
				}()
				select {
				case r := <-got:
					if r.err != nil {
						t.Fatal(r.err)
					}
					if v := fmt.Sprintf("%+q", r.cb.Values[tt.name]); v != tt.want {
						t.Errorf("%s is %s, want %s", tt.name, v, tt.want)
					}
					r.cb.Finish(false)
					if p := <-page; p != assets.CallbackFailed() {
						t.Errorf("the browser shows %q", p)
					}
				case p := <-page:
					t.Errorf("ignored, with %q", p)
				}
			})
		}
	}
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

func TestAnswerByQueryAndForm(t *testing.T) {
	long := strings.Repeat("k", 8000)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		t.Run(method, func(t *testing.T) {
			l, got := listen(t, "http://127.0.0.1/callback")
			v := url.Values{"code": {long}, "state": {state.Reveal()}, "iss": {"https://id.example.com"}}
			type answer struct {
				status int
				page   string
				header http.Header
			}
			answered := make(chan answer, 1)
			go func() {
				var a answer
				if method == http.MethodGet {
					a.status, a.page, a.header = do(t, method, l.RedirectURI()+"?"+v.Encode(), "", nil)
				} else {
					a.status, a.page, a.header = do(t, method, l.RedirectURI(), "", strings.NewReader(v.Encode()), "Content-Type", "application/x-www-form-urlencoded; charset=UTF-8", "Origin", "https://id.example.com")
				}
				answered <- a
			}()
			r := <-got
			if r.err != nil {
				t.Fatal(r.err)
			}
			if r.cb.Values.Encode() != v.Encode() {
				t.Errorf("values differ: %v", r.cb.Values)
			}
			select {
			case a := <-answered:
				t.Fatalf("the page came before the sign-in was finished: %+v", a)
			default:
			}
			r.cb.Finish(true)
			if err := l.Close(); err != nil { // at once: the page must be out by now
				t.Errorf("Close: %v", err)
			}
			a := <-answered
			if a.status != http.StatusOK || a.page != assets.CallbackSignedIn() {
				t.Errorf("%d %q", a.status, a.page)
			}
			for name, want := range map[string]string{
				"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
				"Content-Type": "text/html; charset=utf-8",
			} {
				if got := a.header.Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			if csp := a.header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; ") ||
				strings.Contains(csp, "script") ||
				strings.Contains(csp, "unsafe") {
				t.Errorf("CSP %q", csp)
			}
		})
	}
}

func TestRefusedSignInShowsNothingOfTheRequest(t *testing.T) {
	l, got := listen(t, "http://127.0.0.1/callback")
	v := url.Values{"error": {"access_denied"}, "error_description": {"<script>alert(1)</script>"}, "state": {state.Reveal()}}
	page := make(chan string, 1)
	go func() {
		_, p, _ := do(t, http.MethodGet, l.RedirectURI()+"?"+v.Encode(), "", nil)
		page <- p
	}()
	r := <-got
	if r.err != nil {
		t.Fatal(r.err)
	}
	if got := r.cb.Values.Get("error"); got != "access_denied" {
		t.Errorf("error = %q", got)
	}
	r.cb.Finish(false)
	r.cb.Finish(true) // the first call counts
	p := <-page
	if p != assets.CallbackFailed() {
		t.Errorf("the browser shows %q", p)
	}
	if strings.Contains(p, "script") || strings.Contains(p, "access_denied") {
		t.Error("the page holds something of the request")
	}
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

func TestSecondAnswerWhileTheFirstIsChecked(t *testing.T) {
	l, got := listen(t, "http://127.0.0.1/callback")
	first := make(chan string, 1)
	go func() {
		_, p, _ := do(t, http.MethodGet, l.RedirectURI()+"?code=first&state="+state.Reveal(), "", nil)
		first <- p
	}()
	r := <-got
	if r.err != nil {
		t.Fatal(r.err)
	}
	if _, page, _ := do(t, http.MethodGet, l.RedirectURI()+"?code=second&state="+state.Reveal(), "", nil); page != assets.CallbackIgnored() {
		t.Errorf("the second answer got %q", page)
	}
	r.cb.Finish(true)
	if p := <-first; p != assets.CallbackSignedIn() {
		t.Errorf("the first answer got %q", p)
	}
}

func TestAnswerBeforeTheWaitBegins(t *testing.T) {
	l, err := loopback.Listen(t.Context(), loopback.Options{Redirect: "http://127.0.0.1/callback"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	sent := make(chan struct{})
	page := make(chan string, 1)
	go func() {
		conn, err := net.Dial("tcp", host(t, l))
		if err != nil {
			t.Error(err)
			close(sent)
			return
		}
		defer conn.Close()
		fmt.Fprintf(conn, "GET /callback?code=c&state=%s HTTP/1.1\r\nHost: %s\r\n\r\n", state.Reveal(), host(t, l))
		close(sent)
		b, _ := io.ReadAll(conn)
		page <- string(b)
	}()
	<-sent
	cb, err := l.Wait(t.Context(), state)
	if err != nil {
		t.Fatal(err)
	}
	cb.Finish(true)
	if p := <-page; !strings.HasSuffix(p, assets.CallbackSignedIn()) {
		t.Errorf("the browser got %q", p)
	}
}

func TestPagesAreConstantAndWithoutScript(t *testing.T) {
	pages := []string{
		assets.CallbackSignedIn(),
		assets.CallbackSignedOut(),
		assets.CallbackAgain(),
		assets.CallbackFailed(),
		assets.CallbackIgnored(),
	}
	for i, p := range pages {
		if strings.Contains(p, "<script") || strings.Contains(p, "http") || strings.Contains(p, " style=") ||
			strings.Contains(p, " on") && strings.Contains(p, `="javascript`) {
			t.Errorf("page %d loads or runs something", i)
		}
		if strings.Count(p, "<style>"+assets.CallbackStyle()+"</style>") != 1 {
			t.Errorf("page %d lacks the stylesheet that its policy allows", i)
		}
		if slices.Index(pages, p) != i {
			t.Errorf("page %d is another page's twin", i)
		}
	}
}
