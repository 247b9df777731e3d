package assets

import (
	_ "embed" // for the pages below
	"strings"
)

// The pages that a browser shows at the end of a sign-in or a sign-out. They are constant:
// nothing of a request ever appears in them, and they carry no script.
var (
	//go:embed callback_signed_in.html
	callbackSignedIn string
	//go:embed callback_signed_out.html
	callbackSignedOut string
	//go:embed callback_again.html
	callbackAgain string
	//go:embed callback_failed.html
	callbackFailed string
	//go:embed callback_ignored.html
	callbackIgnored string
	//go:embed callback.css
	callbackStyle string
)

// styleSlot is where a page takes the one stylesheet in.
const styleSlot = "/* callback.css */"

// CallbackSignedIn is the page for a sign-in that is verified and stored.
func CallbackSignedIn() string { return withStyle(callbackSignedIn) }

// CallbackSignedOut is the page for a browser that comes back from the
// provider's sign-out page.
func CallbackSignedOut() string { return withStyle(callbackSignedOut) }

// CallbackAgain is the page for a sign-in that is followed by another one,
// without offline access.
func CallbackAgain() string { return withStyle(callbackAgain) }

// CallbackFailed is the page for a sign-in that did not work. It sends the
// person back to Keyfob, which knows why.
func CallbackFailed() string { return withStyle(callbackFailed) }

// CallbackIgnored is the page for a request that is not the answer waited for.
func CallbackIgnored() string { return withStyle(callbackIgnored) }

// CallbackStyle is the exact text of the pages' <style> element, which a
// Content-Security-Policy allows by its hash.
func CallbackStyle() string { return callbackStyle }

func withStyle(page string) string { return strings.Replace(page, styleSlot, callbackStyle, 1) }
