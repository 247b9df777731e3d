//go:build !windows && !darwin

package keychain

import (
	"context"
	"errors"

	"github.com/godbus/dbus/v5"

	"keyfob/auth"
)

// Names of the Secret Service.
const (
	secrets     = "org.freedesktop.secrets"
	secretsPath = "/org/freedesktop/secrets"
	loginPath   = "/org/freedesktop/secrets/collection/login"
	keeper      = "org.freedesktop.Secret.Service"
	collection  = "org.freedesktop.Secret.Collection"
	item        = "org.freedesktop.Secret.Item"
	prompts     = "org.freedesktop.Secret.Prompt"
)

// stateOf asks the Secret Service how the collection stands that holds the items,
// and which it is. No answer to that ever needs a person. The error is nil for
// one that is open. It takes as long as ctx.
func stateOf(ctx context.Context, c *dbus.Conn, flags dbus.Flags) (in dbus.ObjectPath, e *auth.Error) {
	path, err := greet(ctx, c, flags)
	if err != nil {
		return "", unmet(ctx, err)
	}
	var is dbus.Variant
	get := func(path dbus.ObjectPath) error {
		in = path
		return c.Object(secrets, path).CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", flags, collection, "Locked").Store(&is)
	}
	err = get(loginPath) // where go-keyring has its items: "login" first, then the default
	if err != nil && ctx.Err() == nil {
		if path == "/" {
			return "", noCollection(nil)
		}
		err = get(path)
	}
	switch isLocked, ok := is.Value().(bool); {
	case err != nil && ctx.Err() != nil:
		return "", gaveUp(ctx)
	case err != nil || !ok:
		return "", failed("the keychain does not say how it stands", err)
	case isLocked && !openWallet(ctx, c, in):
		return in, locked(nil)
	}
	return in, nil
}

// unmet is why the first thing that was said to the service had no answer.
func unmet(ctx context.Context, err error) *auth.Error {
	if ctx.Err() != nil {
		return gaveUp(ctx)
	}
	return noService(err) // nobody is there, or the bus went away
}

// greet asks for the default collection, which is the first thing to say to a
// Secret Service: gnome-keyring forgets at times to register whoever has just
// connected, and then ends itself over a property or a session that is asked
// for, but not over this. It starts the service, unless flags say otherwise.
func greet(ctx context.Context, c *dbus.Conn, flags dbus.Flags) (path dbus.ObjectPath, err error) {
	ask := func() error {
		return c.Object(secrets, secretsPath).CallWithContext(ctx, keeper+".ReadAlias", flags, "default").Store(&path)
	}
	var d dbus.Error
	if err = ask(); errors.As(err, &d) && absent(d.Name) && flags&dbus.FlagNoAutoStart == 0 && startWallet(ctx, c) {
		err = ask()
	}
	return path, err
}

func greetService(ctx context.Context, c *dbus.Conn) error {
	if _, err := greet(ctx, c, 0); err != nil {
		return orEnded(ctx, unmet(ctx, err))
	}
	return nil
}

// dial returns a connection of the caller's own. ctx ends the connection.
func dial(ctx context.Context) (*dbus.Conn, *auth.Error) {
	c, err := dbus.SessionBusPrivateNoAutoStartup(dbus.WithContext(ctx))
	if err == nil {
		if err = c.Auth(nil); err == nil {
			err = c.Hello()
		}
		if err == nil {
			return c, nil
		}
		_ = c.Close()
	}
	if ctx.Err() != nil {
		return nil, gaveUp(ctx)
	}
	return nil, noBus(err)
}

// gaveUp is why ctx ended before the keychain answered.
func gaveUp(ctx context.Context) *auth.Error {
	if err := ctx.Err(); !errors.Is(err, context.DeadlineExceeded) {
		return ended(err)
	}
	return silent(ctx.Err())
}

// peek is what [Child.Peek] does.
func peek(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, peekTimeout)
	defer cancel()
	c, e := dial(ctx)
	if e != nil {
		return e
	}
	defer c.Close()
	_, e = stateOf(ctx, c, 0)
	return orNil(e)
}

// Await returns nil once [Store.Peek] would give another code than code, "" for
// one that says nothing is wrong. Whether a person has allowed something, which
// is [auth.CodeKeychainApprove], the bus does not tell, and the keychain counts as well. It waits for signals of the bus on a
// connection of its own, never asks again and again, shows no prompt, and
// starts no service. An error says that nothing can be waited for, or that ctx
// has ended.
func Await(ctx context.Context, code string) error {
	c, e := dial(ctx)
	if e != nil {
		return e
	}
	defer c.Close()
	signals := make(chan *dbus.Signal, 16)
	c.Signal(signals)
	for _, rule := range [][]dbus.MatchOption{
		{dbus.WithMatchSender("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, secrets)},
		{dbus.WithMatchSender(secrets), dbus.WithMatchMember("PropertiesChanged"), dbus.WithMatchArg(0, collection)},
		{dbus.WithMatchSender(secrets), dbus.WithMatchInterface(keeper)}, // collections come, change and go
		{dbus.WithMatchInterface(wallet), dbus.WithMatchMember("walletOpened")},
	} {
		if err := c.AddMatchSignalContext(ctx, rule...); err != nil {
			return noBus(err)
		}
	}
	if code == auth.CodeKeychainApprove {
		code = ""
	}
	for {
		// A service that hangs answers when it goes on, whenever that is.
		_, e := stateOf(ctx, c, dbus.FlagNoAutoStart)
		if err := ctx.Err(); err != nil {
			return ended(err)
		}
		if e == nil && code != "" || e != nil && e.Code != code {
			return nil
		}
		select {
		case _, ok := <-signals:
			if !ok {
				return noBus(nil)
			}
		case <-c.Context().Done():
			return noBus(nil)
		}
	}
}

func orNil(e *auth.Error) error {
	if e == nil {
		return nil
	}
	return e
}
