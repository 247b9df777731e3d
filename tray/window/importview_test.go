package window

import (
	"fmt"
	"strings"
	"testing"

	"keyfob/app/setup/form"
	"keyfob/auth"
)

// importText writes the page the way that it reads.
func importText(m importModel) string {
	var b strings.Builder
	if m.Wrong != "" {
		fmt.Fprintln(&b, "!", m.Wrong)
	}
	for _, e := range m.Entries {
		fmt.Fprintf(&b, "(%s) %s\n", e.Mark, e.Name)
		for _, f := range e.Facts {
			fmt.Fprintln(&b, "  ", f)
		}
	}
	if m.Secrets != "" {
		fmt.Fprintf(&b, "[ ] %s\n", m.Secrets)
	}
	fmt.Fprintf(&b, "%s [%s]\n", m.Status, m.Button)
	return b.String()
}

func TestImportView(t *testing.T) {
	got := &form.ImportResult{
		Slips:   []form.Slip{{Line: 4, Code: form.SlipNoComma}},
		Ignored: []string{"KeyManagerSettings"},
		Entries: []form.ImportEntry{
			{
				Name:    "AzureAd",
				Line:    3,
				Tool:    "azuread",
				Title:   "ThingWorx",
				Taken:   []form.Taken{{Key: "clientId"}, {Key: "authorizeUri", Value: "Okta"}},
				Remarks: []form.Remark{{Code: form.RemarkTokenNotNeeded}},
				Secret:  form.SecretLeft,
			},
			{Name: "PingFed1", Line: 9, Skipped: &form.Remark{Code: form.SkippedUnfilled, Key: "clientId"}},
			{
				Name: "Old", Line: 12, Tool: "old", Title: "Old", Secret: form.SecretStored,
				Remarks: []form.Remark{{Code: form.RemarkSecretInAddress}},
			},
			{
				Name:        "Bad",
				Line:        15,
				Tool:        "bad",
				Title:       "Bad",
				Secret:      form.SecretFailed,
				SecretFault: &auth.Error{What: "the keychain is locked", Do: "unlock it"},
			},
		},
	}
	taken := func(rows string) string {
		rows = strings.ReplaceAll(rows, "Becomes", "Became")
		return strings.Replace(
			rows,
			"is left unless you tick the box below; this client cannot sign in without it",
			"was not read: `keyfob tools secret azuread` stores it in the keychain",
			1,
		)
	}
	const rows = `(ok) AzureAd (line 3)
   Becomes the tool ThingWorx.
   Taken: clientId, authorizeUri (Okta).
   To know: tokenUri is not needed, the provider's metadata names it.
   To know: clientSecret is left unless you tick the box below; this client cannot sign in without it.
(could be better) PingFed1 (line 9)
   Left: its clientId is a placeholder that nobody has filled in.
(could be better) Old (line 12)
   Becomes the tool Old.
   Warning: clientAuthScheme query sends the secret inside of addresses, which proxies and servers keep in their logs: set client_auth to "header" or "form" unless this provider takes nothing else.
   Taken: clientSecret, into the keychain.
(ok) Bad (line 15)
   Becomes the tool Bad.
   To know: clientSecret could not be stored. The keychain is locked. Unlock it.
(to know) A slip was passed over
   Line 4: a comma is missing at the end.
(to know) Other sections were passed over
   KeyManagerSettings.
   Passwords in there were not kept.
`
	for _, tt := range []struct {
		name  string
		state importState
		want  string
	}{
		{"empty", importState{}, "Nothing is added yet: first you see what would be. []\n"},
		{"reading", importState{busy: true}, "Reading the file… []\n"},
		{
			"no such file",
			importState{problem: &auth.Error{What: "cannot read /x (no such file)", Do: "name another"}},
			"! Cannot read /x (no such file). Name another.\nNothing is added yet: first you see what would be. []\n",
		},
		{
			"what would be",
			importState{got: got},
			rows + "[ ] Keep the client secrets too, in this computer's keychain\n [Import 3 tools]\n",
		},
		{
			"taking",
			importState{got: got, busy: true},
			rows + "[ ] Keep the client secrets too, in this computer's keychain\nImporting… []\n",
		},
		{"taken", importState{got: got, done: true}, taken(rows) + "Added 3 tools. [Show tools]\n"},
		{
			"nothing in it",
			importState{got: &form.ImportResult{}},
			"! Nothing in this file can be imported. Fill in what is missing there, or go back and add the tool by hand.\n []\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := importText(importView(&tt.state)); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}
