package npm

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"

	"keyfob/auth/authtest"
)

// Person signs in at the provider's real pages over HTTP, as someone with a
// browser would: it follows redirects, keeps cookies, fills in the sign-in
// form and confirms the consent page. Its cookies live as long as it does, so
// that a second sign-in of the same person meets the session of the first.
type Person struct {
	Login  string // any name; "alice" if empty
	Cancel bool   // follows the page's Cancel link instead of signing in

	// Pages counts the forms that this person was shown.
	Pages int

	jar http.CookieJar
}

// maxPages bounds one sign-in: sign-in, consent, and some to spare.
const maxPages = 5

var (
	formAction = regexp.MustCompile(`<form[^>]* action="([^"]+)"`)
	formHidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)
	cancelLink = regexp.MustCompile(`<a href="([^"]+)">\[ Cancel \]`)
)

// Open opens the authorization URL and returns the page that the sign-in ended
// on: the client's callback page, or the provider's page of an error that it
// does not tell the client.
func (p *Person) Open(ctx context.Context, target string) (page string, err error) {
	if p.jar == nil {
		if p.jar, err = cookiejar.New(nil); err != nil {
			return "", err
		}
	}
	browser := &http.Client{Jar: p.jar}
	defer browser.CloseIdleConnections()
	var form url.Values
	for range maxPages {
		at, body, err := authtest.Visit(ctx, browser, target, form)
		if err != nil {
			return "", err
		}
		action := formAction.FindStringSubmatch(body)
		if action == nil {
			return body, nil
		}
		p.Pages++
		link := action
		form = url.Values{}
		if p.Cancel {
			link, form = cancelLink.FindStringSubmatch(body), nil
		} else {
			for _, in := range formHidden.FindAllStringSubmatch(body, -1) {
				form.Set(html.UnescapeString(in[1]), html.UnescapeString(in[2]))
			}
			if strings.Contains(body, `name="logout"`) {
				form.Set("logout", "yes")
			}
			if strings.Contains(body, `name="login"`) {
				form.Set("login", p.login())
				form.Set("password", "correct horse")
			}
		}
		if link == nil {
			return "", fmt.Errorf("the page at %s has no Cancel link", at.Path)
		}
		next, err := at.Parse(html.UnescapeString(link[1]))
		if err != nil {
			return "", err
		}
		target = next.String()
	}
	return "", fmt.Errorf("still on a page with a form after %d pages", maxPages)
}

func (p *Person) login() string {
	if p.Login == "" {
		return "alice"
	}
	return p.Login
}
