package window

import (
	"strings"
	"testing"
	"time"

	"keyfob/tray/window/widget/drawtest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"keyfob/app/agent"
	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/session"
)

// frames draws a window as Fyne's driver does: all that is in sight is asked for
// its least size, and what holds something whose least size changed is laid out
// anew.
type frames map[fyne.CanvasObject]fyne.Size

func (f frames) draw(o fyne.CanvasObject) (changed bool) {
	if !o.Visible() {
		return false
	}
	inside := false
	for _, child := range children(o) {
		inside = f.draw(child) || inside
	}
	if inside {
		switch o := o.(type) {
		case *fyne.Container:
			if o.Layout != nil {
				o.Layout.Layout(o.Objects, o.Size())
			}
		case fyne.Widget:
			test.WidgetRenderer(o).Layout(o.Size())
		}
	}
	least := o.MinSize()
	was, known := f[o]
	f[o] = least
	return !known || was != least
}

func children(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case fyne.Widget:
		return test.WidgetRenderer(o).Objects()
	}
	return nil
}

// TestAnOpenWindowRests draws each page until it has its shape, and once more,
// after which nothing may be left to draw: a page that asks for one more drawing
// each time keeps a processor busy for as long as the window is open.
func TestAnOpenWindowRests(t *testing.T) {
	for name, page := range map[string]func(t *testing.T) fyne.Window{
		"welcome": func(t *testing.T) fyne.Window { return newToolsWindow(t).win },
		"tools": func(t *testing.T) fyne.Window {
			all := three()
			all[2].Problem = &auth.Error{
				Kind: auth.KindTransient, What: strings.Repeat("the provider cannot be reached ", 4), Do: "check the network",
			}
			s := newToolsWindow(t, all...)
			s.press(fyne.KeyDown, fyne.KeyDown)
			return s.win
		},
		"many tools": func(t *testing.T) fyne.Window {
			var all []session.Snapshot
			for _, tool := range strings.Split("abcdefghijklmnop", "") {
				all = append(all, signedIn(tool, "Plant "+tool, time.Hour))
			}
			return newToolsWindow(t, all...).win
		},
		"token": func(t *testing.T) fyne.Window {
			tokens := plantTokens()
			r, _ := newTokenWindow(t, tokens, plantSession(tokens))
			return r.win
		},
		"token in sight": func(t *testing.T) fyne.Window {
			tokens := plantTokens()
			r, p := newTokenWindow(t, tokens, plantSession(tokens))
			test.Tap(p.drawing.reveal)
			r.answer()
			return r.win
		},
		"waiting": func(t *testing.T) fyne.Window { return newWaitingWindow(t, underWay()).win },
		"waiting with help": func(t *testing.T) fyne.Window {
			v := newWaitingWindow(t, underWay())
			v.passes(61)
			test.Tap(v.drawing.help.questions[0].head)
			return v.win
		},
		"waiting in vain": func(t *testing.T) fyne.Window {
			v := newWaitingWindow(t, underWay())
			v.is(func(s *session.Snapshot) {
				s.State, s.Problem = session.SignedOut, &auth.Error{
					Kind: auth.KindFailed, Code: "x", What: "the provider refuses", Do: "ask", Detail: "AADSTS",
				}
			})
			return v.win
		},
		"choice of a provider": func(t *testing.T) fyne.Window {
			o := newSetupWindow(t)
			o.open(agent.PageAdd)
			o.settle()
			return o.win
		},
		"form": func(t *testing.T) fyne.Window {
			o := newSetupWindow(t)
			o.open(agent.PageAdd + "/entra")
			o.settle()
			o.tab("Check")
			o.press(fyne.KeyReturn)
			return o.win
		},
		"import": func(t *testing.T) fyne.Window {
			o := newSetupWindow(t)
			o.file = func(form.ImportRequest) (form.ImportResult, error) {
				return form.ImportResult{Entries: []form.ImportEntry{
					{Name: "AzureAd", Tool: "azuread", Title: "ThingWorx", Secret: form.SecretLeft},
					{Name: "Other", Skipped: &form.Remark{Code: form.SkippedUnfilled, Key: "clientId"}},
				}}, nil
			}
			o.open(agent.PageImport)
			o.typeIn("/sso.json")
			o.press(fyne.KeyReturn)
			return o.win
		},
		"settings": func(t *testing.T) fyne.Window {
			d := newSettingsWindow(t)
			d.press(fyne.KeyTab)
			return d.win
		},
		"prompt": func(t *testing.T) fyne.Window { return newTestPrompt(t, plant).win },
		"prompt for several": func(t *testing.T) fyne.Window {
			d := newTestPrompt(t, plant, park, ended("line", "Line 7", time.Hour, "no refresh token"))
			test.Tap(d.prompt.drawing.buttons["park"])
			return d.win
		},
		"prompt for many": func(t *testing.T) fyne.Window {
			var all []session.Snapshot
			for _, tool := range strings.Split("abcdefghijklmnop", "") {
				all = append(all, ended(tool, "Plant "+tool, time.Hour, "no refresh token"))
			}
			return newTestPrompt(t, all...).win
		},
	} {
		t.Run(name, func(t *testing.T) {
			win := page(t)
			root, shown := win.Content(), frames{}
			for range 3 {
				shown.draw(root)
			}
			app, on := fyne.CurrentApp(), &drawtest.Canvas{Canvas: win.Canvas()}
			fyne.SetCurrentApp(drawtest.App{App: app, On: on})
			defer fyne.SetCurrentApp(app)
			if shown.draw(root) {
				t.Error("its least size changes although nothing happens")
			}
			if on.Asked != 0 {
				t.Errorf("asks to be drawn again %d times although nothing happens", on.Asked)
			}
			if len(shown) < 10 {
				t.Errorf("only %d objects were looked at", len(shown))
			}
		})
	}
}
