// Package window is what a person sees of Keyfob in windows: the prompt to sign
// in again, and one window whose pages are the tools, a sign-in under way, a
// token, the settings and a tool to be added.
//
// It asks the engine for everything over the local socket. It must never hold a
// state of its own that outlives the window, never decide what state a session
// is in, and never touch a keychain, a provider or a file of settings. A token
// reaches it only when a person asks to see it.
//
// # Rules
//
// Each page lies in files of its own, by what they are for: the view (NAMEview.go)
// makes a plain model of what the engine said, with every word that is shown, and
// is tested as text; the drawing (NAMEdraw.go) makes widgets of the model, of the
// building blocks in package widget; the page (NAMEpage.go) holds what is known;
// and what a person can do is in NAMEdo.go. The last three are tested on Fyne's
// screenless driver. Other files hold one part of a page, and begin with its name,
// or are shared by pages.
//
// Everything can be done with the keyboard: Tab goes on, Enter and Space press,
// Esc goes back or closes. The focus is in sight, and stays where it was when
// something changes. A window that nobody asked for takes no keyboard, and where
// a desktop gives it one all the same, no key acts before a person turns to it.
//
// A button says what it does in a verb. What went wrong says what to do. What
// cannot be undone, and only that, asks first. Nothing is told by colour alone.
package window
