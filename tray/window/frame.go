package window

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"keyfob/app/agent"
	"keyfob/app/agent/person"
	"keyfob/auth/session"
	"keyfob/tray/window/widget"
)

// frameMargin is the room around a page, in Fyne's units.
const frameMargin = 16

// frame is the window and the pages that are open in it, each above the one
// that it was opened from. All of it belongs to Fyne's goroutine.
type frame struct {
	win    fyne.Window
	engine *person.Client
	make   pages
	now    func() time.Time
	run    func(ctx context.Context, work func(context.Context) error, then func(error))
	after  func(ctx context.Context, d time.Duration, then func())
	quit   func()
	drawn  func() // as in [ShowConfig]

	guard *widget.KeyGuard  // has the keyboard of a window that came by itself until a person takes it; nil in others
	root  *fyne.Container   // what the window shows
	mark  fyne.CanvasObject // of newFirstFrame, beside the page
	snaps []session.Snapshot
	stack []opened

	wanted string // the tool to choose in the list once it is there
}

// opened is a page in the frame.
type opened struct {
	page
	key  string
	stop func() // ends what the page started
}

// open shows the page of key above the others, or goes back to it where it is
// among them. An unknown key is the list of tools.
func (f *frame) open(key string) {
	kind, tool, _ := strings.Cut(key, "/")
	build := f.make[kind]
	if build == nil {
		key, tool, build = agent.PageTools, "", f.make[agent.PageTools]
	}
	if i := slices.IndexFunc(f.stack, func(o opened) bool { return o.key == key }); i >= 0 {
		for len(f.stack) > i+1 {
			f.drop()
		}
		f.top().update(f.snaps)
		f.draw()
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	o := opened{key: key, stop: stop}
	o.page = build(env{
		engine: f.engine, now: f.now, win: f.win,
		start: func(work func(context.Context) error, then func(error)) {
			f.run(ctx, work, func(err error) {
				if ctx.Err() == nil {
					then(err)
				}
			})
		},
		startDetached: func(work func(context.Context) error, then func(error)) {
			f.run(context.WithoutCancel(ctx), work, func(err error) {
				if ctx.Err() == nil {
					then(err)
				}
			})
		},
		after: func(d time.Duration, then func()) {
			f.after(ctx, d, func() {
				if ctx.Err() == nil {
					then()
				}
			})
		},
		open: f.open, back: f.back, home: f.home, draw: f.draw, esc: f.escape,
		focus: f.focus,
	}, tool)
	f.stack = append(f.stack, o)
	o.update(f.snaps)
	f.draw()
}

// drop forgets the page on top.
func (f *frame) drop() {
	top := f.top()
	f.stack = f.stack[:len(f.stack)-1]
	top.stop()
	top.closed()
}

func (f *frame) top() opened { return f.stack[len(f.stack)-1] }

// back leaves the page on top, and the window with the last one.
func (f *frame) back() {
	if len(f.stack) == 1 {
		f.quit()
		return
	}
	f.drop()
	f.top().update(f.snaps)
	f.draw()
}

// home leaves every page for the list of tools, and chooses a tool there.
func (f *frame) home(tool string) {
	for len(f.stack) > 0 && (len(f.stack) > 1 || f.top().key != agent.PageTools) {
		f.drop()
	}
	f.open(agent.PageTools)
	f.wanted = tool
	f.pick()
}

// pick chooses the tool that is wanted once it is there: the sessions may come
// a moment later than the answer that it was added.
func (f *frame) pick() {
	if p, ok := f.top().page.(picker); !ok || f.wanted != "" && p.pick(f.wanted) {
		f.wanted = ""
	}
}

// escape is Esc: the page's own, or else the way back.
func (f *frame) escape() {
	if over := f.win.Canvas().Overlays().Top(); over != nil {
		f.win.Canvas().Overlays().Remove(over)
		return
	}
	if !f.top().esc() {
		f.back()
	}
}

// update takes in the sessions.
func (f *frame) update(snaps []session.Snapshot) {
	f.snaps = snaps
	if len(f.stack) > 0 {
		f.top().update(snaps)
		f.pick()
	}
}

// draw shows the page on top.
func (f *frame) draw() {
	top := f.top()
	f.win.SetTitle(windowTitle(top.title()))
	var head fyne.CanvasObject
	if len(f.stack) > 1 {
		back := widget.NewButton("‹ Back", widget.Quiet, f.back, f.escape)
		head = container.NewBorder(nil, nil, back.Object(), nil, container.NewCenter(widget.BoldLine(top.title())))
	}
	f.prepare()
	// Setting it as the window's content would lay it out twice, at its least
	// size first.
	page := container.New(
		layout.NewCustomPaddedLayout(frameMargin, frameMargin, frameMargin, frameMargin),
		container.NewBorder(head, nil, nil, nil, top.object()),
	)
	canvas := f.win.Canvas()
	guarded := f.guard != nil && (len(f.root.Objects) == 0 || f.guard.Has(canvas))
	f.root.Objects = []fyne.CanvasObject{f.mark, page}
	if f.guard != nil {
		f.root.Objects = []fyne.CanvasObject{f.mark, f.guard, page}
	}
	page.Resize(f.root.Size())
	canvas.Refresh(f.root)
	switch w := top.first(); {
	case guarded:
		f.guard.Take(canvas)
	case w != nil:
		canvas.Focus(w)
	default:
		canvas.Unfocus()
	}
}

// focus gives a widget the keyboard, nil for none, unless nobody has turned to
// the window yet.
func (f *frame) focus(w fyne.Focusable) {
	canvas := f.win.Canvas()
	switch {
	case f.guard.Has(canvas):
	case w == nil:
		canvas.Unfocus()
	default:
		canvas.Focus(w)
	}
}

// closeUnused closes the window if nobody has turned to it.
func (f *frame) closeUnused() {
	if f.guard.Has(f.win.Canvas()) {
		f.quit()
	}
}

// requested takes note that a person asked for the window.
func (f *frame) requested() { f.guard = nil }

// prepare gives the window its content, in which the pages are.
func (f *frame) prepare() {
	if f.root == nil {
		f.root, f.mark = container.New(widget.InFront{}), newFirstFrame(f.drawn)
		f.win.SetContent(f.root)
	}
}

// windowTitle is the page's title behind the program's name, by which window
// managers and people find it.
func windowTitle(title string) string {
	if title == "" {
		return "Keyfob"
	}
	return "Keyfob: " + title
}
