package machine

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"keyfob/auth/authtest"
	"keyfob/auth/weburl"
)

// Person fills in the forms of a provider's real pages over HTTP, as someone
// with a browser would: it follows redirects, keeps cookies, and sends what a
// form holds. Its cookies live as long as it does, so that a second sign-in of
// the same person meets the session of the first.
type Person struct {
	// Types is what the person types into fields of these names.
	Types map[string]string
	// Presses are the buttons that the person presses, by name. Of a form that
	// has none of them, the nameless button is pressed.
	Presses []string

	mu    sync.Mutex
	jar   http.CookieJar
	shown int
}

// maxPages bounds one visit: sign-in, consent, and some to spare.
const maxPages = 6

var (
	formTag   = regexp.MustCompile(`(?is)<form\b([^>]*)>(.*?)</form>`)
	fieldTag  = regexp.MustCompile(`(?is)<(?:input|button)\b([^>]*)>`)
	attribute = regexp.MustCompile(`(?s)([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')`)
)

// Shown counts the forms that this person was shown.
func (p *Person) Shown() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shown
}

// Open opens address and returns the page on which the person ends: one
// without a form.
func (p *Person) Open(ctx context.Context, address string) (page string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.jar == nil {
		jar, err := cookiejar.New(nil)
		if err != nil {
			return "", err
		}
		p.jar = loopbackJar{jar}
	}
	browser := &http.Client{Jar: p.jar}
	defer browser.CloseIdleConnections()
	var sent url.Values
	for range maxPages {
		at, page, err := authtest.Visit(ctx, browser, address, sent)
		if err != nil {
			return "", err
		}
		form := formTag.FindStringSubmatch(page)
		if form == nil {
			return page, nil
		}
		p.shown++
		next, err := at.Parse(attributes(form[1])["action"])
		if err != nil {
			return "", err
		}
		address, sent = next.String(), p.fill(form[2])
	}
	return page, fmt.Errorf("still on a page with a form after %d pages", maxPages)
}

// fill is what the form with these fields sends.
func (p *Person) fill(fields string) url.Values {
	sent := url.Values{}
	for _, tag := range fieldTag.FindAllStringSubmatch(fields, -1) {
		a := attributes(tag[1])
		name := a["name"]
		switch typed, ok := p.Types[name]; {
		case name == "":
		case a["type"] == "submit" || strings.HasPrefix(strings.ToLower(tag[0]), "<button"):
			if slices.Contains(p.Presses, name) {
				sent.Set(name, a["value"])
			}
		case ok:
			sent.Set(name, typed)
		case a["type"] == "hidden":
			sent.Set(name, a["value"])
		}
	}
	return sent
}

func attributes(tag string) map[string]string {
	all := make(map[string]string)
	for _, a := range attribute.FindAllStringSubmatch(tag, -1) {
		all[strings.ToLower(a[1])] = html.UnescapeString(a[2] + a[3])
	}
	return all
}

// loopbackJar keeps cookies that are for https alone as browsers do on
// loopback, where they count plain http as secure.
type loopbackJar struct{ http.CookieJar }

// SetCookies implements [http.CookieJar].
func (j loopbackJar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	if weburl.IsLoopback(u) {
		for _, c := range cookies {
			c.Secure = false
		}
	}
	j.CookieJar.SetCookies(u, cookies)
}
