package assets

import (
	_ "embed" // for the page below
	"strings"
)

var (
	//go:embed callback.html
	callbackPage string
	//go:embed callback.css
	callbackStyle string
)

// The signs on the pages, as paths in a circle.
const (
	tick        = "M16 27l7 7 14-15"
	arrow       = "M15 26h22M29 18l8 8-8 8"
	exclamation = "M26 14v15M26 37v.1"
	dash        = "M17 26h18"
)

// CallbackSignedIn is the page for a sign-in that is verified and stored.
func CallbackSignedIn() string {
	return callback("good", tick, "Signed in", "Signed in", "You can close this tab.")
}

// CallbackSignedOut is the page for a browser that comes back from the
// provider's sign-out page.
func CallbackSignedOut() string {
	return callback("good", tick, "Signed out", "Signed out", "You can close this tab.")
}

// CallbackAgain is the page for a sign-in that is followed by another one,
// without offline access.
func CallbackAgain() string {
	return callback("calm", arrow, "Once more", "Once more",
		"Your provider gives you no offline access, so Keyfob signs you in again without it. You can close this tab.")
}

// CallbackFailed is the page for a sign-in that did not work. It sends the
// person back to Keyfob, which knows why.
func CallbackFailed() string {
	return callback("bad", exclamation, "Not signed in", "The sign-in did not work",
		"Keyfob says why and what to do. You can close this tab.")
}

// CallbackIgnored is the page for a request that is not the answer waited for.
func CallbackIgnored() string {
	return callback("calm", dash, "Nothing to do here", "Nothing to do here",
		"This address only takes the answer to a sign-in that Keyfob started. If one is under way, it goes on.")
}

// callback is a page that a browser shows at the end of a sign-in or a sign-out.
// It is constant: nothing of a request ever appears in it, and it carries no
// script.
func callback(class, sign, title, heading, text string) string {
	return strings.NewReplacer("CLASS", class, "PATH", sign, "TITLE", title, "HEADING", heading, "TEXT", text, "STYLE", callbackStyle).
		Replace(callbackPage)
}

// CallbackStyle is the exact text of the pages' <style> element, which a
// Content-Security-Policy allows by its hash.
func CallbackStyle() string { return callbackStyle }
