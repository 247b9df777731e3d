package idp_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"keyfob/auth/idp"
)

// TestFormPost has the person's browser carry the answer as a form, whose page
// has no script and may lead nowhere but to the client.
func TestFormPost(t *testing.T) {
	b := newBench(t)
	came := make(chan *http.Request, 1)
	client := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		came <- r
	}))
	t.Cleanup(client.Close)
	redirect := client.URL + `/callback?a="b"&c`
	for name, tc := range map[string]struct {
		person idp.Person
		change url.Values
		want   string // the parameter that comes beside state and iss
		value  string
	}{
		"signed in":          {idp.Person{Username: "ada", Password: "lovelace"}, nil, "code", ""},
		"cancelled":          {idp.Person{Cancel: true}, nil, "error", "access_denied"},
		"refused unasked":    {idp.Person{}, url.Values{"prompt": {"none"}}, "error", "login_required"},
		"refused by mistake": {idp.Person{}, url.Values{"code_challenge": nil}, "error", "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			q := b.request("plain", tc.change)
			q.Set("response_mode", "form_post")
			q.Set("redirect_uri", redirect)
			if err := tc.person.SignIn(t.Context(), b.issuer+"/authorize?"+q.Encode()); err != nil {
				t.Fatal(err)
			}
			r := <-came
			if r.Method != http.MethodPost || r.PostForm.Get("state") != "st&te" || r.PostForm.Get("iss") != b.issuer ||
				r.URL.RawQuery != `a="b"&c` && r.URL.Query().Get("a") != `"b"` {
				t.Errorf("the client got %s %s with %v", r.Method, r.URL, r.PostForm)
			}
			if got := r.PostForm.Get(tc.want); got == "" || tc.value != "" && got != tc.value {
				t.Errorf("the client got %v, want %s", r.PostForm, tc.want)
			}
		})
	}
	q := b.request("plain", url.Values{"prompt": {"none"}, "response_mode": {"form_post"}, "redirect_uri": {redirect}})
	resp, page := b.get("/authorize?" + q.Encode())
	policy := resp.Header.Get("Content-Security-Policy")
	if resp.StatusCode != http.StatusOK || !strings.Contains(policy, "default-src 'none'") ||
		!strings.HasSuffix(policy, "; form-action 'self' "+client.URL) ||
		strings.Contains(page, "<script") {
		t.Errorf("%s with %q: %s", resp.Status, policy, page)
	}
	if !strings.Contains(page, `action="`+html.EscapeString(redirect)+`"`) {
		t.Errorf("the form leads elsewhere: %s", page)
	}
}
