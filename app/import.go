package app

import (
	"context"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"

	"keyfob/app/agent"
	"keyfob/app/cli"
	"keyfob/app/cli/manage"
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
	k := d.host.holdings(d.path, d.dir)
	have, err := config.LoadAll(d.path, d.host.system)
	if err != nil {
		return agent.Imported{}, err
	}
	done, err := manage.Import(ctx, have, cli.ToolsImportOptions{File: path, DryRun: !ask.Take, WithSecret: ask.WithSecret}, k)
	if err != nil {
		return agent.Imported{}, err
	}
	if ask.Take && done.Added() > 0 {
		d.reload(ctx)
	}
	return done, nil
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
		return "", &auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeSSOSettings,
			What: auth.Quote(s) + " is not the whole path of a file",
			Do:   "write it from the root on, or choose the file",
			Who:  auth.WhoYou,
		}
	}
	return filepath.Clean(s), nil
}
