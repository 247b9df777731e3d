package auth_test

import (
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"keyfob/auth"
)

// TestClean holds which characters never reach a person.
func TestClean(t *testing.T) {
	for given, want := range map[string]string{
		"": "",
		"Ann Müller-日本 (é, नमस्ते)":                "Ann Müller-日本 (é, नमस्ते)",
		"a\nb\tc\r\nd\u2028e\u2029f\u0085g\u00a0h": "a b c  d e f g h",
		"\x1b[31mred\x1b[0m\x07\x7f":               " [31mred [0m  ",
		"a\u009b31m":                               "a 31m",
		"user\u202egnp.exe\u202c\u2066\u200f":      "usergnp.exe",
		"a\u200b\u200c\u200d\ufeff\u00adb":         "ab",
		"a\u3164\u115f\u034fb":                     "ab", // look like nothing
		"a\U000e0041\ue000\u0378b":                 "ab",
		"a\xffb\xc2":                               "a\ufffdb\ufffd",
		"👍🏽 ❤️":                                    "👍🏽 ❤️",
	} {
		if got := auth.Clean(given); got != want {
			t.Errorf("%+q becomes %+q, want %+q", given, got, want)
		}
	}
	if got := auth.CleanLines("a\n\tb\u2028c\u202e\r\n"); got != "a\n\tb c \n" {
		t.Errorf("lines become %+q", got)
	}
	for given, want := range map[string]string{
		"":                "",
		" A\n  Mü\u202e ": "A Mü",
		"12345678":        "12345678",
		"123456789":       "1234567…",
		"123456 89":       "123456…", // no space before the dots
		"日本語の長い名前です":      "日本語の長い名…",
	} {
		if got := auth.Line(given, 8); got != want {
			t.Errorf("the line of %+q is %+q, want %+q", given, got, want)
		}
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		for _, c := range auth.Clean(string(r)) {
			if unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Bidi_Control) {
				t.Fatalf("%U comes through as %U", r, c)
			}
		}
		if strings.TrimSpace(auth.Clean(string(r))) != "" && auth.Unseen(r) {
			t.Fatalf("%U comes through", r)
		}
		if auth.Unseen(r) && strings.ContainsFunc(auth.Line("a"+string(r)+"b", 3), auth.Unseen) {
			t.Fatalf("%U comes through in a line", r)
		}
	}
}

// TestASCIIAddress holds that an address that is printed leads to where it led.
func TestASCIIAddress(t *testing.T) {
	for given, want := range map[string]string{
		"https://idp.example/a?b=c%20d&e=%2F":        "https://idp.example/a?b=c%20d&e=%2F",
		"https://idp.example/\u009b\u202e\u2028?x=ä": "https://idp.example/%C2%9B%E2%80%AE%E2%80%A8?x=%C3%A4",
		"https://bücher.example/":                    "https://b%C3%BCcher.example/",
		"https://idp.example/a b\x7f\xff":            "https://idp.example/a%20b%7F%FF",
	} {
		got := auth.ASCIIAddress(given)
		if got != want || auth.ASCIIAddress(got) != got {
			t.Errorf("%+q becomes %q, want %q", given, got, want)
		}
		u, err := url.Parse(got)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := url.Parse(given); err == nil &&
			(u.Path != v.Path || u.Query().Encode() != v.Query().Encode() || u.Hostname() != v.Hostname()) {
			t.Errorf("%+q leads elsewhere", given)
		}
	}
}
