package idp

import (
	"crypto/rand"
	"html"
	"io"
	"net/http"
	"strings"
)

// The pages are written by hand rather than with html/template: there are
// three, and that package would keep the linker from dropping unused methods
// in every program that holds this one.

const style = `
:root { color-scheme: light dark }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
  font: 16px/1.5 system-ui, sans-serif; background: #eef1f5; color: #1b2430 }
main { width: 100%; max-width: 23rem; padding: 2rem; border-radius: 12px; background: #fff;
  box-shadow: 0 1px 3px #0003, 0 8px 24px #0001 }
h1 { margin: 0 0 .25rem; font-size: 1.4rem }
p { margin: 0 0 1.25rem; color: #556070; overflow-wrap: anywhere }
label { display: block; margin: 0 0 .25rem; font-weight: 600; font-size: .9rem }
input { width: 100%; margin: 0 0 1rem; padding: .6rem .7rem; font: inherit; color: inherit;
  background: transparent; border: 1px solid #9aa5b4; border-radius: 6px }
button { width: 100%; padding: .65rem; font: inherit; font-weight: 600; border: 1px solid transparent;
  border-radius: 6px; background: #1f5fbf; color: #fff; cursor: pointer }
button.plain { margin-top: .6rem; background: transparent; color: inherit; border-color: #9aa5b4 }
input:focus-visible, button:focus-visible { outline: 3px solid #7fb0ff; outline-offset: 1px }
.wrong { padding: .6rem .7rem; border-radius: 6px; background: #fde8e8; color: #8a1414 }
@media (prefers-color-scheme: dark) {
  body { background: #12161c; color: #e6ebf2 } main { background: #1b222c } p { color: #a5b0bf }
  .wrong { background: #4a1c1c; color: #ffd2d2 } }
`

// page is a page's title and body, already escaped.
type page struct{ title, body string }

// message is a page with nothing to do on it.
func message(title, text string) page {
	return page{title, "<h1>" + html.EscapeString(title) + "</h1><p>" + html.EscapeString(text) + "</p>"}
}

// writePage writes p with a policy that allows its own style and nothing else.
func writePage(w http.ResponseWriter, status int, p page) { writePageTo(w, status, p, "'none'") }

func writePageTo(w http.ResponseWriter, status int, p page, formAction string) {
	nonce := rand.Text()
	policy := "default-src 'none'; style-src 'nonce-" + nonce + "'; base-uri 'none'; frame-ancestors 'none'"
	if formAction != "" {
		policy += "; form-action " + formAction
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `<!doctype html><html lang="en"><head><meta charset="utf-8">`+
		`<meta name="viewport" content="width=device-width, initial-scale=1">`+
		`<title>`+html.EscapeString(p.title)+`</title><style nonce="`+nonce+`">`+style+`</style></head><body><main>`+
		p.body+`</main></body></html>`)
}

// signInPage is what the sign-in page shows.
type signInPage struct {
	request  string // the pending request's name
	client   string
	username string // to begin with
	wrong    bool   // the last password was
	redirect string // where the form leads in the end
}

// writeSignIn writes the sign-in page: a plain form that works without script.
func writeSignIn(w http.ResponseWriter, status int, s signInPage) {
	var b strings.Builder
	b.WriteString(`<h1>Sign in</h1><p>to continue to ` + html.EscapeString(s.client) + `</p>`)
	if s.wrong {
		b.WriteString(`<p class="wrong" id="wrong" role="alert">The user name or the password is wrong.</p>`)
	}
	focusUser, focusPassword := " autofocus", ""
	if s.username != "" {
		focusUser, focusPassword = focusPassword, focusUser
	}
	b.WriteString(`<form method="post" action="/signin">` +
		`<input type="hidden" name="request" value="` + html.EscapeString(s.request) + `">` +
		`<label for="username">User name</label>` +
		`<input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required` + focusUser +
		` value="` + html.EscapeString(s.username) + `">` +
		`<label for="password">Password</label>` +
		`<input id="password" name="password" type="password" autocomplete="current-password" required` + focusPassword + `>` +
		`<button id="submit" type="submit" name="action" value="signin">Sign in</button>` +
		`<button id="cancel" class="plain" type="submit" name="action" value="cancel" formnovalidate>Cancel</button></form>`)
	writePageTo(w, status, page{"Sign in", b.String()}, formAction(s.redirect))
}

// formAction is the policy for where the sign-in form may lead. A browser holds
// it against the redirect to the client too, so the client's origin is part of
// it. The policy's grammar has no IPv6 addresses: for those it is left out.
func formAction(redirect string) string {
	u := loopbackURI(redirect)
	if u == nil || strings.Contains(u.Hostname(), ":") {
		return ""
	}
	return "'self' " + u.Scheme + "://" + u.Host
}

// home is the page that a tool of the demo opens.
func (p *Provider) home(w http.ResponseWriter, _ *http.Request) {
	writePage(
		w,
		http.StatusOK,
		message(
			"Demo provider",
			"This is the OpenID provider that comes with Keyfob. It runs on this computer and ends with the program that started it.",
		),
	)
}
