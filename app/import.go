package app

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"

	"keyfob/app/agent"
	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/auth"
)

// importFile takes tools out of ThingWorx's settings, or says what it would
// take.
func (d *desk) importFile(ctx context.Context, ask agent.Import) (agent.Imported, error) {
	path, err := pasted(ask.Path)
	if err != nil {
		return agent.Imported{}, err
	}
	k, err := d.keeper()
	if err != nil {
		return agent.Imported{}, err
	}
	have, err := config.LoadAll(d.path, d.host.system)
	if err != nil {
		return agent.Imported{}, err
	}
	done, err := cli.Import(ctx, have, cli.ToolsOptions{File: path, DryRun: !ask.Take, WithSecret: ask.WithSecret}, k)
	if err != nil {
		return agent.Imported{}, err
	}
	if ask.Take && done.Added > 0 {
		d.reload(ctx)
	}
	out := agent.Imported{File: path}
	for _, s := range done.Slips {
		out.Passed = append(out.Passed, fmt.Sprintf("line %d: %s", s.Line, s.What))
	}
	for _, e := range done.Entries {
		one := agent.ImportedEntry{Name: e.ID, Line: e.Line, Why: e.Why, Taken: e.Taken, Left: inWindow(e.Left, ask.Take)}
		if e.HasSecret && e.Settings != nil && e.ClientAuth != string(auth.ClientAuthNone) {
			out.Secrets++
		}
		if e.Settings != nil {
			one.Tool, one.Title = e.Tool, nameIn(e)
		}
		switch {
		case e.Stored != nil:
			one.Left = append(one.Left, "clientSecret could not be stored: "+auth.AsError(e.Stored).Error()+".")
		case e.Keep != "":
			one.Taken = append(one.Taken, "clientSecret, into the keychain")
		}
		out.Entries = append(out.Entries, one)
	}
	return out, nil
}

// inWindow are the sentences about what was left, where a box is ticked and no
// option written.
func inWindow(left []string, taken bool) (out []string) {
	for _, l := range left {
		if strings.HasPrefix(l, "clientSecret was not read") && !taken {
			l = "clientSecret is left unless you tick the box below; this client cannot sign in without it."
		}
		out = append(out, strings.Replace(l, ", or import with --with-secret", "", 1))
	}
	return out
}

// nameIn is the name that an entry's tool gets.
func nameIn(e cli.ImportedEntry) string {
	for _, s := range e.Settings {
		if name, ok := s.Value.(string); ok && s.Key == agent.DraftName {
			return name
		}
	}
	return e.Tool
}

// pasted is the path that somebody pasted, as file managers give it: plain, in
// quotes, or as an address.
func pasted(s string) (string, error) {
	s = strings.TrimSpace(s)
	if len(s) > 1 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		s = s[1 : len(s)-1]
	}
	if u, err := url.Parse(s); err == nil && u.Scheme == "file" && u.Path != "" {
		s = u.Path
		if runtime.GOOS == "windows" { // file:///C:/folder
			s = strings.TrimPrefix(s, "/")
		}
		s = filepath.FromSlash(s)
	}
	if !filepath.IsAbs(s) {
		return "", &auth.Error{Kind: auth.KindUsage, Code: "sso_settings", What: auth.Quote(s) + " is not the whole path of a file", Do: "write it from the root on, or choose the file", Who: auth.WhoYou}
	}
	return filepath.Clean(s), nil
}
