//go:build !windows && !darwin

package keychain

import (
	"context"
	"slices"
	"time"

	"github.com/godbus/dbus/v5"
)

// Names of KWallet, the newest first. It offers the Secret Service as well, but
// the bus cannot start it by that name.
const (
	wallet      = "org.kde.KWallet"
	walletPause = 20 * time.Millisecond
)

type walletName struct {
	bus  string
	path dbus.ObjectPath
}

var wallets = [...]walletName{
	{"org.kde.kwalletd6", "/modules/kwalletd6"},
	{"org.kde.kwalletd5", "/modules/kwalletd5"},
}

// startWallet starts KWallet where it is installed and nobody else offers the
// Secret Service. It reports whether the service is there then.
func startWallet(ctx context.Context, c *dbus.Conn) bool {
	names := startable(ctx, c)
	for _, w := range wallets {
		if !slices.Contains(names, w.bus) {
			continue
		}
		if c.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.StartServiceByName", 0, w.bus, uint32(0)).Err != nil {
			continue
		}
		// It takes its second name a little later, if it is set to.
		within, cancel := context.WithTimeout(ctx, peekTimeout/2)
		defer cancel()
		tick := time.NewTicker(walletPause)
		defer tick.Stop()
		for ownerOf(within, c, secrets) == "" {
			select {
			case <-tick.C:
			case <-within.Done():
				return false
			}
		}
		return true
	}
	return false
}

// openWallet unlocks a collection of KWallet whose wallet is open: it calls it
// locked all the same until it is asked to unlock it, for which it needs no
// password. It reports whether the collection is open then.
func openWallet(ctx context.Context, c *dbus.Conn, in dbus.ObjectPath) bool {
	owner := ownerOf(ctx, c, secrets)
	at := slices.IndexFunc(wallets[:], func(w walletName) bool { return owner != "" && ownerOf(ctx, c, w.bus) == owner })
	if at < 0 {
		return false
	}
	var label dbus.Variant
	get := c.Object(secrets, in).CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, collection, "Label")
	if get.Store(&label) != nil {
		return false
	}
	var open bool
	name, _ := label.Value().(string)
	is := c.Object(wallets[at].bus, wallets[at].path).CallWithContext(ctx, wallet+".isOpen", dbus.FlagNoAutoStart, name)
	if is.Store(&open) != nil || !open {
		return false
	}
	signals := make(chan *dbus.Signal, 16)
	c.Signal(signals)
	defer c.RemoveSignal(signals)
	rule := []dbus.MatchOption{dbus.WithMatchSender(secrets), dbus.WithMatchInterface(prompts), dbus.WithMatchMember("Completed")}
	if c.AddMatchSignalContext(ctx, rule...) != nil {
		return false
	}
	defer func() { _ = c.RemoveMatchSignalContext(ctx, rule...) }()
	var unlocked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	if c.Object(secrets, secretsPath).CallWithContext(ctx, keeper+".Unlock", 0, []dbus.ObjectPath{in}).Store(&unlocked, &prompt) != nil {
		return false
	}
	if prompt == "/" {
		return true
	}
	if c.Object(secrets, prompt).CallWithContext(ctx, prompts+".Prompt", 0, "").Err != nil {
		return false
	}
	for {
		select {
		case s := <-signals:
			if s == nil {
				return false
			}
			if s.Path == prompt && s.Name == prompts+".Completed" && len(s.Body) > 0 {
				return s.Body[0] == false
			}
		case <-ctx.Done():
			return false
		}
	}
}
