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

	"keyfob/assets"
	"keyfob/auth/loopback"
)

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
						_, p, _ = do(
							t, method, l.RedirectURI(), "", strings.NewReader(tt.query), "Content-Type",
							"application/x-www-form-urlencoded",
						)
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
					a.status, a.page, a.header = do(
						t, method, l.RedirectURI(), "", strings.NewReader(v.Encode()), "Content-Type",
						"application/x-www-form-urlencoded; charset=UTF-8", "Origin", "https://id.example.com",
					)
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
	if _, page, _ := do(
		t, http.MethodGet, l.RedirectURI()+"?code=second&state="+state.Reveal(), "", nil,
	); page != assets.CallbackIgnored() {
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
