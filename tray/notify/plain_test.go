package notify

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"keyfob/auth"
)

// What PowerShell, a shell, AppleScript or XML would act on.
var hostile = []string{
	"$(calc)", "`calc`", "“; calc; ”", `" & (do shell script "calc") & "`, "-e beep", "--", "<b>&amp;</b>", "%PATH% ^&|", "';--",
}

// Texts are handed over as they are, and nothing on the way reads them.
func TestTextsStayTexts(t *testing.T) {
	for _, text := range hostile {
		got := arguments(Note{Title: text, Body: text})
		if !slices.Equal(got, []string{"-", text, text}) {
			t.Errorf("macOS is handed %q", got)
		}
		if strings.Contains(script, text) {
			t.Errorf("%q is in the script", text)
		}
		if got := string(utf16.Decode(units(text, 63))); got != text {
			t.Errorf("Windows is handed %q", got)
		}
	}
}

func TestUnitsAreCutBetweenCharacters(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"12345", "12345"},
		{"123456", "1234…"},
		{"123🔑", "123🔑"},
		{"123🔑4", "123…"},
		{"12🔑45", "12🔑…"},
	} {
		if got := string(utf16.Decode(units(tt.text, 5))); got != tt.want {
			t.Errorf("%q is cut to %q, want %q", tt.text, got, tt.want)
		}
	}
}

// Nothing in a note steers a terminal, turns a line or looks like nothing.
func TestNothingUnseenIsShown(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) || !auth.Unseen(r) {
			continue
		}
		for _, got := range arguments(Note{Title: "a" + string(r) + "b", Body: "a" + string(r) + "b"}) {
			if strings.ContainsFunc(got, func(r rune) bool { return r != '\n' && auth.Unseen(r) }) {
				t.Fatalf("%U comes through as %+q", r, got)
			}
		}
	}
}
