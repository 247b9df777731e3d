package window

import (
	"net/url"
	"slices"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// helpAfter is how long a sign-in may take before the page asks what the
// browser says: who types a password and a second factor is done by then.
const helpAfter = time.Minute

// waitingModel is everything that the page of a sign-in under way shows.
type waitingModel struct {
	Heading string
	Says    []string // what to do
	Problem string   // what went wrong and what to do
	Note    string   // the provider's own words and reference
	Waits   bool     // a person is in the browser
	Since   string   // how long it takes by now
	Ready   bool     // there is an address to be opened
	Details bool     // there is something to send to an administrator
	Help    []help   // none at first
}

// Equal reports whether two pages show the same.
func (m waitingModel) Equal(o waitingModel) bool {
	return m.Heading == o.Heading && slices.Equal(m.Says, o.Says) && m.Problem == o.Problem && m.Note == o.Note &&
		m.Waits == o.Waits && m.Since == o.Since && m.Ready == o.Ready && m.Details == o.Details && slices.Equal(m.Help, o.Help)
}

// help is what may be seen in the browser, and what to do about it.
type help struct{ Sees, Do string }

// waitingView decides what the page shows of s, whose sign-in was begun at
// since.
func waitingView(s session.Snapshot, since, now time.Time) waitingModel {
	m := waitingModel{Heading: "Signing in to " + toolName(s), Waits: true, Since: took(now.Sub(since)), Ready: s.SignInURL != ""}
	switch {
	case !m.Ready:
		m.Says = []string{"The sign-in is being prepared."}
	case s.Problem != nil && s.Problem.Code == auth.CodeBrowser:
		m.Problem = wording.Explain(s.Problem)
		m.Says = []string{"Copy the address, open it in a browser on this computer, and sign in there."}
	default:
		m.Says = []string{"Go on in your browser" + atHost(s.SignInURL) + ". Keyfob notices by itself when you are signed in."}
	}
	if m.Ready && now.Sub(since) >= helpAfter {
		m.Help = browserHelp(s)
	}
	return m
}

// failedView is what the page shows of a sign-in that did not work.
func failedView(s session.Snapshot, e *auth.Error) waitingModel {
	return waitingModel{
		Heading: "Signing in to " + toolName(s) + " did not work",
		Problem: wording.Explain(e),
		Note:    wording.Capital(auth.Line(e.Note(), 400)),
		Details: e.Note() != "" && s.Problem != nil,
	}
}

// signInFailed is why the sign-in of s did not work, now that it has ended, or
// nil when it was cancelled. The session may have another problem, which was
// there before.
func signInFailed(s session.Snapshot) *auth.Error {
	p := s.Problem
	if wording.Short(p) == "" || p.Kind == auth.KindKeychain {
		return nil
	}
	switch p.Code {
	case auth.CodeMandatoryScopes, auth.CodeScopesChanged, auth.CodeKeychainDamaged:
		return nil
	}
	return p
}

// took says how long something takes by now.
func took(d time.Duration) string {
	return "Begun " + wording.Running(d) + " ago"
}

// atHost names the page that should be open in the browser.
func atHost(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	return ", at the page of " + auth.Line(u.Hostname(), 80)
}

// browserHelp are the usual causes of a sign-in that does not get on, by what
// a person sees.
func browserHelp(s session.Snapshot) []help {
	name := "“" + toolName(s) + "”"
	return []help{
		{
			"Nothing: no page has opened, or I closed it",
			"Press “Open the browser again”. If no page comes, press “Copy the address” and paste it into the address line " +
				"of a browser on this computer.",
		},
		{
			"“This site can't be reached”, before I could sign in",
			"The sign-in page cannot be reached from here. Check the network and the VPN: " +
				"many companies let you sign in from their own network only.",
		},
		{
			"“This site can't be reached”, after I have signed in",
			"You are signed in, but the browser does not get back to Keyfob, which waits at localhost or 127.0.0.1 on this " +
				"computer. A VPN, a proxy or a security program is in the way. " +
				"Switch the VPN off and sign in again, or ask IT to leave localhost and 127.0.0.1 out of the proxy.",
		},
		{
			"A page with an error, such as AADSTS and a number",
			"The provider refuses, and trying again will not help. " +
				"Copy all the words of that page and send them to your company's IT together with the tool's name, " +
				name + ". The number tells them what to change.",
		},
		{
			"It asks for the approval of an administrator",
			"Somebody who may approve for the whole company has to do it once. " +
				"Send IT a picture of that page and the tool's name, " + name + ", then cancel here and sign in again when " +
				"they have answered.",
		},
		{
			"It took another account than the one I want",
			"Press “Copy the address” and paste it into a private window of the browser: " +
				"nobody is signed in there, so it asks for your name.",
		},
		{
			"It says that I am signed in, and nothing happens here",
			"Only the page that says “You can close this tab” is Keyfob's. " +
				"On any other one the provider has lost the way back: press “Open the browser again”.",
		},
	}
}
