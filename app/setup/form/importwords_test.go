package form_test

import (
	"testing"

	"keyfob/app/setup/form"
)

// TestEveryCodeHasWords holds that what is shown is never a code, and that a
// foreign engine may leave out what a code is about.
func TestEveryCodeHasWords(t *testing.T) {
	said := map[string]string{}
	check := func(code, text string) {
		t.Helper()
		if text == code || said[text] != "" {
			t.Errorf("of %q it says %q, as of %q", code, text, said[text])
		}
		said[text] = code
	}
	for _, code := range []form.RemarkCode{
		form.SkippedUnfilled, form.SkippedNoAddress, form.SkippedExists, form.SkippedAdministrator, form.SkippedRefused,
		form.RemarkGuessedIssuer, form.RemarkOldMicrosoft, form.RemarkUnfilled, form.RemarkUnfilledScopes, form.RemarkHomeRefused,
		form.RemarkTokenOtherHost, form.RemarkTokenNotNeeded, form.RemarkUnknownScheme, form.RemarkSecretInAddress,
		form.RemarkWebClient, form.RemarkSecretUnused, form.RemarkNoSecret, form.RemarkSecretReference, form.RemarkUnknownKey,
	} {
		check(string(code), form.Remark{Code: code}.Text("plant"))
	}
	for _, code := range []form.SlipCode{
		form.SlipNoBraces, form.SlipNoLastBrace, form.SlipExtraBrace, form.SlipNoComma, form.SlipExtraComma,
		form.SlipCommaBeforeBrace, form.SlipCommaBeforeBracket, form.SlipCurlyQuotes, form.SlipEscape, form.SlipBackslashQuote,
		form.SlipComment, form.SlipDots,
	} {
		check(string(code), form.Slip{Code: code}.Text())
	}
	if got := (form.Remark{Code: "of_tomorrow"}).Text("plant"); got != "of_tomorrow" {
		t.Errorf("of a code that is not known it says %q", got)
	}
	if got := (form.Fault{Key: "tenant"}).Text(); got != "" {
		t.Errorf("of a fault without its error it says %q", got)
	}
}
