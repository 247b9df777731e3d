package window

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"keyfob/app/agent"
	"keyfob/app/agent/person"
	"keyfob/auth/session"
)

// allPages makes the pages of the window.
func allPages() pages {
	return pages{
		agent.PageTools:    newToolsPage,
		agent.PageWaiting:  newWaitingPage,
		agent.PageToken:    newTokenPage,
		agent.PageAdd:      newAddPage,
		agent.PageImport:   newImportPage,
		agent.PageSettings: newSettingsPage,
	}
}

// page is one of the things that the window shows. All of its methods belong
// to Fyne's goroutine.
type page interface {
	// title names the page above it and in the window's title.
	title() string
	// object is the page as drawn, the same one each time: a page changes what
	// is in it.
	object() fyne.CanvasObject
	// update takes in the sessions: at first, after each change, and once a
	// minute for the sake of the times.
	update(snaps []session.Snapshot)
	// first is what gets the focus when the page is opened, or nil.
	first() fyne.Focusable
	// esc takes Esc for the page itself; false leaves the page.
	esc() bool
	// closed tells the page that it is no longer shown and never will be again.
	closed()
}

// picker is a page on which one tool is chosen.
type picker interface {
	// pick chooses a tool, and reports whether it is there.
	pick(tool string) bool
}

// env is what a page has to work with.
type env struct {
	engine *person.Client
	now    func() time.Time
	// start runs work aside and then calls then on Fyne's goroutine. The
	// context ends when the page is left.
	start func(work func(ctx context.Context) error, then func(error))
	// startDetached is start for what goes on when the page is left, such as a
	// sign-in. Then nobody is told of its end.
	startDetached func(work func(ctx context.Context) error, then func(error))
	// after calls f on Fyne's goroutine in a while, unless the page is left by then.
	after func(d time.Duration, f func())
	open  func(key string)     // goes on to another page, from which Esc leads back
	back  func()               // leaves the page
	home  func(tool string)    // leaves all pages for the list of tools, where this one is chosen
	draw  func()               // draws the page anew, whose title or first widget changed
	focus func(fyne.Focusable) //
	esc   func()               // what Esc does, for widgets that have the keyboard
	win   fyne.Window          // for dialogs, which a person asked for
}

// pages makes each page by its key's first part; tool is the second.
type pages map[string]func(e env, tool string) page
