package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"keyfob/app/agent"
	"keyfob/app/formats"
	"keyfob/auth"
	"keyfob/auth/browser"
	"keyfob/auth/session"
	"keyfob/auth/wording"
	"keyfob/tray"
)

// template is what a settings file begins with when a person opens it before
// there is one.
const template = `# Keyfob's tools. One table for each; Keyfob notices when this file is saved.
#
# [tools.plant4]
# name      = "ThingWorx Plant 4"
# home      = "https://thingworx.example.com/Thingworx"
# issuer    = "https://login.example.com/realms/plant"
# client_id = "keyfob"
# scopes    = ["openid", "profile", "offline_access"]
`

// copyAs copies what a client asks for.
func (d *desk) copyAs(ctx context.Context, tool string, as agent.CopyAs) error {
	switch as {
	case agent.CopyToken:
		return d.copyText(ctx, tool, formats.Token)
	case agent.CopyHeader, agent.CopyCurl, agent.CopyEnv:
		return d.copyText(ctx, tool, formats.Format(as)) // the same words
	case agent.CopyAddress:
		return d.copyAddress(ctx, tool)
	case agent.CopyDetails:
		return d.copyDetails(ctx, tool)
	case agent.CopyRedirect:
		return d.copyRedirect(ctx, tool)
	}
	return &auth.Error{Kind: auth.KindUsage, Code: auth.CodeCopyAs, What: "keyfob cannot copy " + auth.Quote(string(as)), Who: auth.WhoYou}
}

// copyText puts what is made of the tool's access token into the clipboard for
// a while.
func (d *desk) copyText(ctx context.Context, tool string, f formats.Format) error {
	s, err := d.snapshot(ctx, tool)
	if err != nil {
		return err
	}
	t, err := d.sessions.Token(ctx, tool, copyValid)
	if err != nil {
		return err
	}
	text, err := formats.Text(f, s.Address(), t)
	if err != nil {
		return err
	}
	if err := d.keep(ctx, tool, text, d.clearAfter()); err != nil {
		return err
	}
	// Whoever signed out meanwhile must not find the token afterwards.
	if all, err := d.sessions.Snapshots(ctx); err == nil && over(all, tool) {
		d.forget()
	}
	return nil
}

func (d *desk) clearAfter() time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.settings.ClearAfter
}

// copyAddress puts the address of the sign-in under way into the clipboard.
func (d *desk) copyAddress(ctx context.Context, tool string) error {
	s, err := d.snapshot(ctx, tool)
	if err != nil {
		return err
	}
	return d.keep(ctx, tool, auth.Secret(s.SignInURL), d.clearAfter())
}

// copyDetails puts what is known of the tool's problem into the clipboard, to
// be sent to an administrator. It is no secret, so it stays there.
func (d *desk) copyDetails(ctx context.Context, tool string) error {
	s, err := d.snapshot(ctx, tool)
	if err != nil || s.Problem == nil {
		return err
	}
	// These details go to an administrator, so they address the administrator.
	said := *s.Problem
	said.Who = auth.WhoYou
	return d.publish(ctx, s.Name+": "+wording.Details(&said))
}

func (d *desk) openHome(ctx context.Context, tool string) error {
	s, err := d.snapshot(ctx, tool)
	if err != nil {
		return err
	}
	return d.host.open(ctx, s.Home)
}

func (d *desk) snapshot(ctx context.Context, tool string) (session.Snapshot, error) {
	all, err := d.sessions.Snapshots(ctx)
	if err != nil {
		return session.Snapshot{}, err
	}
	for _, s := range all {
		if s.Tool == tool {
			return s, nil
		}
	}
	return session.Snapshot{}, &auth.Error{
		Kind: auth.KindUsage,
		Code: auth.CodeUnknownTool,
		What: "the tool is no longer in the settings",
		Who:  auth.WhoYou,
	}
}

// openSettings opens the settings in the person's editor, and makes the file
// first where there is none.
func (d *desk) openSettings(ctx context.Context, _ string) error {
	if d.path == "" {
		return &auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeDemo,
			What: "the demo has no settings file",
			Do:   "start `keyfob` itself",
			Who:  auth.WhoYou,
		}
	}
	if err := writeNew(d.path, template); err != nil {
		return err
	}
	return browser.OpenFile(ctx, d.path)
}

// writeNew writes a file that is not there yet.
func writeNew(path, text string) error {
	fail := func(err error) error {
		return &auth.Error{
			Kind: auth.KindFailed,
			Code: auth.CodeSettingsWrite,
			What: "the settings file could not be made",
			Do:   "make it yourself at " + path,
			Who:  auth.WhoYou,
			Err:  err,
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fail(err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fail(err)
	}
	_, err = f.WriteString(text)
	if err := errors.Join(err, f.Close()); err != nil {
		return fail(err)
	}
	return nil
}

// options is what the tray shows beside the sessions.
func (d *desk) options() tray.Options {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.path == "" {
		return tray.Options{}
	}
	return tray.Options{Problem: d.problem, Ignored: d.settings.Ignored}
}
