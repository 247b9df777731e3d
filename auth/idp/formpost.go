package idp

import (
	"errors"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// The response modes: OAuth 2.0 Multiple Response Type Encoding Practices
// section 2.1, and OAuth 2.0 Form Post Response Mode.
const (
	modeQuery    = "query"
	modeFormPost = "form_post"
)

var modes = []string{modeQuery, modeFormPost}

// answerForm begins the form that carries an answer to the client.
const answerForm = `<form id="answer" method="post" action="`

// writeAnswer writes a page whose form posts v to redirect. Other providers
// submit it with a script; the pages here have none, so a person presses a
// button.
func writeAnswer(w http.ResponseWriter, redirect string, v url.Values) {
	names := make([]string, 0, len(v))
	for name := range v {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	b.WriteString(
		`<h1>One more step</h1><p>to go back to the program that sent you here</p>` + answerForm + html.EscapeString(redirect) + `">`,
	)
	for _, name := range names {
		b.WriteString(`<input type="hidden" name="` + html.EscapeString(name) + `" value="` + html.EscapeString(v.Get(name)) + `">`)
	}
	b.WriteString(`<button id="continue" type="submit" autofocus>Continue</button></form>`)
	writePageTo(w, http.StatusOK, page{"Continue", b.String()}, formAction(redirect))
}

// answer is such a form, as a person's browser sends it.
type answer struct {
	action string // where to
	form   url.Values
}

// readAnswer finds that form in a page, and returns nil when there is none.
func readAnswer(page string) (*answer, error) {
	_, rest, ok := strings.Cut(page, answerForm)
	if !ok {
		return nil, nil
	}
	action, rest, _ := strings.Cut(rest, `"`)
	action = html.UnescapeString(action)
	if loopbackURI(action) == nil {
		return nil, errors.New("the provider's form leads to a place where a scripted person does not go")
	}
	rest, _, _ = strings.Cut(rest, `</form>`)
	v := url.Values{}
	for input := range strings.SplitSeq(rest, `<input type="hidden" name="`) {
		name, more, found := strings.Cut(input, `" value="`)
		if !found {
			continue
		}
		value, _, _ := strings.Cut(more, `"`)
		v.Set(html.UnescapeString(name), html.UnescapeString(value))
	}
	return &answer{action, v}, nil
}
