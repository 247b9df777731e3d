// Package browser opens pages in the system's own browser (RFC 8252 section 6). It opens the settings file in
// the person's editor by the same way.
//
// It must never be called unless a person asked for it, never hand the system
// anything but a checked https URL, an http one on loopback, or a file of the
// person's own; never let what the opener prints reach Keyfob's own output; and
// never wait for a browser to end. No shell is involved.
package browser

import (
	"context"
	"strings"
	"time"

	"keyfob/auth"
	"keyfob/auth/weburl"
)

// opening is how long Open waits for an opener to report a failure. Openers
// that become the browser end with it, so one that still runs has worked.
const opening = 2 * time.Second

// unsafe are the ASCII characters that no URL contains unescaped (RFC 3986
// section 2). Windows puts the address into a quoted command line.
const unsafe = "\"<>`{}|\\^"

// Open shows address in the person's browser. It returns when the browser was
// started, after at most two seconds, or when ctx ends. Errors never hold the
// address, which carries a sign-in's state: KindFailed with Code "browser"
// when nothing could open it, KindSetup with Code "bad_url" when it is not one
// to open, KindCanceled when ctx ended first.
func Open(ctx context.Context, address string) error {
	page, _, _ := strings.Cut(address, "#") // a home page may name a place in it
	_, err := weburl.Secure(page)
	if err != nil || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(unsafe, r) }) {
		return &auth.Error{
			Kind: auth.KindSetup, Code: auth.CodeBadURL, Who: auth.WhoSetup,
			What: "the address is not one to give to a browser", Do: "check the addresses in the settings",
		}
	}
	return start(ctx, func() error { return openURL(ctx, address) }, &auth.Error{
		Kind: auth.KindFailed, Code: auth.CodeBrowser, Who: auth.WhoYou,
		What: "no browser could be opened", Do: "copy the address and open it yourself",
	})
}

// OpenFile shows the file at path in the program that the desktop has for it.
// It returns as [Open] does.
func OpenFile(ctx context.Context, path string) error {
	return start(ctx, func() error { return openFile(ctx, path) }, &auth.Error{
		Kind: auth.KindFailed, Code: auth.CodeEditor, Who: auth.WhoYou,
		What: "no program could be opened for the file", Do: "open " + path + " yourself",
	})
}

// start runs open, and gives failed with its cause when it reports a failure
// soon.
func start(ctx context.Context, open func() error, failed *auth.Error) error {
	if ctx.Err() != nil {
		return canceled(ctx)
	}
	done := make(chan error, 1)
	go func() { done <- open() }()
	slow := time.NewTimer(opening)
	defer slow.Stop()
	select {
	case err := <-done:
		if err != nil {
			failed.Err = err
			return failed
		}
		return nil
	case <-slow.C:
		return nil
	case <-ctx.Done():
		return canceled(ctx)
	}
}

func canceled(ctx context.Context) error {
	return &auth.Error{
		Kind: auth.KindCanceled,
		Code: auth.CodeCanceled,
		What: "the sign-in was cancelled",
		Who:  auth.WhoYou,
		Err:  context.Cause(ctx),
	}
}
