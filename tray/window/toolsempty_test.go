package window

import (
	"testing"

	"fyne.io/fyne/v2"

	"keyfob/auth"
)

func TestNoTools(t *testing.T) {
	s := newToolsWindow(t)
	if s.focus() != "Add a tool…" || s.toolsPage.root.Objects[0] == s.panes {
		t.Fatalf("the focus is on %q", s.focus())
	}
	s.press(fyne.KeyReturn)
	if s.opened["add "] == nil {
		t.Fatal("the button opens no page")
	}
	s.back()
	s.frame.update(three())
	if s.focus() != "list" || s.toolsPage.body.Objects[0] != s.panes {
		t.Fatalf("with tools the focus is on %q", s.focus())
	}
	s.frame.update(nil)
	if s.focus() != "Add a tool…" {
		t.Fatalf("without tools again the focus is on %q", s.focus())
	}
}

// TestNoToolsInSettingsThatCannotBeRead must not tell anybody to add a first
// tool, for there may be many.
func TestNoToolsInSettingsThatCannotBeRead(t *testing.T) {
	s := newToolsWindow(t)
	s.broken = &auth.Error{
		Kind: auth.KindSetup,
		What: "/home/anna/keyfob.toml:3:1: not valid TOML",
		Do:   "fix this line",
		Who:  auth.WhoSetup,
	}
	s.frame.update(nil)
	s.answer()
	if s.focus() != "Open settings file" {
		t.Fatalf("the focus is on %q", s.focus())
	}
	head, _, says := emptyView(s.problem)
	if head != "The settings cannot be used" ||
		says[0] != "/home/anna/keyfob.toml:3:1: not valid TOML. For whoever set up this tool: fix this line." {
		t.Errorf("says %q, %q", head, says)
	}
	s.press(fyne.KeyReturn)
	s.wantAsked("change true")
	s.broken = nil
	s.frame.update(nil)
	s.answer()
	if s.focus() != "Add a tool…" {
		t.Fatalf("with the settings fixed the focus is on %q", s.focus())
	}
}

// TestSettingsThatCannotBeRead says so above the tools, which go on as they were.
func TestSettingsThatCannotBeRead(t *testing.T) {
	s := newToolsWindow(t)
	s.answer()
	if s.notice.box.Visible() {
		t.Fatalf("without a fault it says %q", s.notice.text.Text)
	}
	s.broken = &auth.Error{Kind: auth.KindSetup, What: "/home/anna/keyfob.toml:3:1: not valid TOML", Do: "fix this line", Who: auth.WhoYou}
	s.frame.update(three())
	s.answer()
	if want := "/home/anna/keyfob.toml:3:1: not valid TOML. Fix this line. " +
		"Until then Keyfob uses the settings that it read last."; !s.notice.box.Visible() ||
		s.notice.text.Text != want ||
		s.toolsPage.body.Objects[0] != s.panes {
		t.Errorf("it says %q, want %q", s.notice.text.Text, want)
	}
	for _, size := range []fyne.Size{{Width: 500, Height: 340}, {Width: 1600, Height: 1200}} {
		s.win.Resize(size)
		if w, most := s.notice.text.Size().Width, s.win.Canvas().Size().Width; w > most {
			t.Errorf("at %v it is %v wide", size, w)
		}
	}
	s.broken = nil
	s.frame.update(three())
	s.answer()
	if s.notice.box.Visible() {
		t.Errorf("with the fault gone it says %q", s.notice.text.Text)
	}
}
