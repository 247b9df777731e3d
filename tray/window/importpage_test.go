package window

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"keyfob/app/agent"
	"keyfob/app/setup/form"
	"keyfob/auth"
)

func TestImportByKeyboard(t *testing.T) {
	o := newSetupWindow(t)
	var asked []form.ImportRequest
	o.file = func(i form.ImportRequest) (form.ImportResult, error) {
		asked = append(asked, i)
		if i.Path == "/wrong" {
			return form.ImportResult{}, &auth.Error{Kind: auth.KindUsage, What: "cannot read /wrong"}
		}
		return form.ImportResult{Entries: []form.ImportEntry{
			{Name: "AzureAd", Tool: "azuread", Title: "ThingWorx", Secret: form.SecretLeft},
		}}, nil
	}
	o.open(agent.PageTools)
	o.open(agent.PageAdd)
	o.open(agent.PageImport)
	page := o.top().page.(*importPage)
	o.typeIn("/wrong")
	o.press(fyne.KeyReturn)
	if o.focus() != "entry" || page.wrong.Text != "Cannot read /wrong." || !page.wrong.Visible() || page.button.Object().Visible() {
		t.Fatalf("after a wrong name the focus is on %q, and it says %q", o.focus(), page.wrong.Text)
	}
	page.path.SetText("")
	o.typeIn("/sso.json")
	o.press(fyne.KeyReturn)
	if o.focus() != "Import 1 tool" || page.wrong.Visible() {
		t.Fatalf("the focus is on %q", o.focus())
	}
	o.tab("Keep the client secrets too, in this computer's keychain")
	o.press(fyne.KeySpace)
	o.tab("Import 1 tool")
	o.press(fyne.KeyReturn)
	want := []form.ImportRequest{{Path: "/wrong"}, {Path: "/sso.json"}, {Path: "/sso.json", Take: true, WithSecret: true}}
	if !slices.Equal(asked, want) || o.focus() != "Show tools" {
		t.Fatalf("asked for %+v, and the focus is on %q", asked, o.focus())
	}
	o.press(fyne.KeyReturn)
	if len(o.stack) != 1 || o.top().key != agent.PageTools {
		t.Errorf("on top is %s", o.top().key)
	}
}
