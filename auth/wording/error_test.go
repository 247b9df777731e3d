package wording_test

import (
	"errors"
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/wording"
)

func TestExplain(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{
			&auth.Error{What: "the client secret has expired", Do: "make a new one", Who: auth.WhoAdmin},
			"The client secret has expired. Ask the provider's administrator to make a new one.",
		},
		{
			&auth.Error{What: "the client is unknown", Do: "correct client_id", Who: auth.WhoSetup},
			"The client is unknown. For whoever set up this tool: correct client_id.",
		},
		{&auth.Error{What: "nobody signed in within 5 minutes"}, "Nobody signed in within 5 minutes."},
		{errors.New("übel!"), "Übel!"},
	} {
		if got := wording.Explain(auth.AsError(tt.err)); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestDetails(t *testing.T) {
	e := &auth.Error{What: "the client\nis unknown", Do: "correct client_id", Detail: `"no such client"`, Ref: "42"}
	if got := wording.Details(e); got != "the client is unknown: correct client_id\nthe provider said \"no such client\"; reference: 42" {
		t.Errorf("%q", got)
	}
	if got := wording.Details(&auth.Error{What: "no"}); got != "no" {
		t.Errorf("%q", got)
	}
}

func TestHeadline(t *testing.T) {
	for what, want := range map[string]string{
		"the port is in use": "The port is in use", "keyfob.toml:3: bad": "keyfob.toml:3: bad",
		"the client is unknown to it": "The client is unkn…",
	} {
		if got := wording.Headline(&auth.Error{What: what}, 19); got != want {
			t.Errorf("%q becomes %q, want %q", what, got, want)
		}
	}
}

func TestBegin(t *testing.T) {
	for text, want := range map[string]string{
		"a window needs OpenGL": "A window needs OpenGL", "keyfob.toml:3: bad": "keyfob.toml:3: bad",
		"no\nthe provider said": "No\nthe provider said", "": "",
	} {
		if got := wording.Begin(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// TestNothingUnseen holds that text from elsewhere goes through the cleaner.
func TestNothingUnseen(t *testing.T) {
	const text = "a\u202eb\x1b[0m\u200b\xff\n\tc"
	e := &auth.Error{What: text, Do: text, Detail: text}
	for _, got := range []string{wording.Explain(e), strings.ReplaceAll(wording.Details(e), "\n", ""), wording.Headline(e, 40)} {
		if strings.ContainsFunc(got, auth.Unseen) {
			t.Errorf("%+q", got)
		}
	}
}
