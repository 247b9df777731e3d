package keychain

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"keyfob/auth"
	"keyfob/auth/authtest"
)

const (
	walletBus    = "org.kde.kwalletd5"
	walletConfig = `[Wallet]
Enabled=true
First Use=false
Default Wallet=kdewallet
Use One Wallet=true
Prompt on Open=false
[org.freedesktop.secrets]
apiEnabled=true
`
)

// kwallet lets the bus start the real KWallet by its own name, as on a KDE
// desktop.
func (b *bed) kwallet() {
	b.t.Helper()
	authtest.Need(b.t, "kwalletd5")
	files := map[string]string{
		filepath.Join(
			b.services, walletBus+".service",
		): "[D-BUS Service]\nName=" + walletBus + "\nExec=/usr/bin/env QT_QPA_PLATFORM=offscreen kwalletd5\n",
	}
	for _, v := range b.env {
		if dir, ok := strings.CutPrefix(v, "XDG_CONFIG_HOME="); ok {
			files[filepath.Join(dir, "kwalletrc")] = walletConfig
		}
	}
	for file, text := range files {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			b.t.Fatal(err)
		}
	}
	if err := b.conn().BusObject().Call("org.freedesktop.DBus.ReloadConfig", 0).Err; err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(b.endWallet)
}

// endWallet ends KWallet, as a log-out does.
func (b *bed) endWallet() {
	c, err := dbus.Connect(os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	if err != nil {
		return // the bus is gone, and KWallet with it
	}
	defer c.Close()
	var pid uint32
	if c.BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, walletBus).Store(&pid) != nil {
		return
	}
	// Only then it writes its file: else that is seconds later than it says.
	_ = c.Object(walletBus, "/modules/kwalletd5").Call("org.kde.KWallet.close", 0, "kdewallet", true).Err
	_ = syscall.Kill(int(pid), syscall.SIGKILL)
	for ownerOf(c.Context(), c, walletBus) != "" {
		time.Sleep(10 * time.Millisecond)
	}
}

// pam opens the wallet with the password of the desktop's login, as pam_kwallet
// does, and makes it the first time.
func (b *bed) pam() {
	b.t.Helper()
	c := b.conn()
	defer c.Close()
	w := c.Object(walletBus, "/modules/kwalletd5")
	if err := w.Call("org.kde.KWallet.pamOpen", 0, "kdewallet", make([]byte, 56), int32(0)).Err; err != nil {
		b.t.Fatal(err)
	}
	for open := false; !open; time.Sleep(10 * time.Millisecond) {
		if err := w.Call("org.kde.KWallet.isOpen", 0, "kdewallet").Store(&open); err != nil {
			b.t.Fatal(err)
		}
	}
}

// peeked looks at the keychain once KWallet has come up, which a look starts.
func (b *bed) peeked(c *Child) error {
	b.t.Helper()
	bus := b.conn()
	defer bus.Close()
	for range 500 {
		_ = c.Peek(b.t.Context())
		if ownerOf(b.t.Context(), bus, secrets) != "" {
			if err := c.Peek(b.t.Context()); code(err) != auth.CodeKeychainTimeout { // the machine may be busy
				return err
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	b.t.Fatal("KWallet does not come up")
	return nil
}

// TestKWallet uses the real one: it is started by its own name, and a wallet
// that the login has opened needs nobody to unlock it, although its Secret
// Service calls it locked.
func TestKWallet(t *testing.T) {
	b := newBed(t)
	c := b.child(patience)
	if err := c.Peek(t.Context()); code(err) != auth.CodeKeychainAbsent || !strings.Contains(err.Error(), "KWallet") {
		t.Fatalf("without a keychain: %v", err)
	}
	b.kwallet()
	_ = b.peeked(c)
	b.pam() // the first login makes the wallet, which the Secret Service offers from the next start on
	b.endWallet()

	if err := b.peeked(c); code(err) != auth.CodeKeychainLocked {
		t.Fatalf("a wallet that is closed: %v", err)
	}
	waited := make(chan error, 1)
	go func() { waited <- Await(t.Context(), auth.CodeKeychainLocked) }()
	b.pam()
	if err := <-waited; err != nil {
		t.Errorf("the wait for the wallet: %v", err)
	}
	if err := c.Peek(t.Context()); err != nil {
		t.Fatalf("an open wallet: %v", err)
	}
	want, quiet := set("entra", 64<<10), Careful{Store: c}
	if err := quiet.Save(t.Context(), tool, want); err != nil {
		t.Fatal(err)
	}
	b.endWallet()
	if err := b.peeked(c); code(err) != auth.CodeKeychainLocked {
		t.Fatalf("after a log-out: %v", err)
	}
	b.pam()
	if got, err := quiet.Load(t.Context(), tool); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("after the next login: %v", err)
	}
	if err := quiet.Delete(t.Context(), tool); err != nil {
		t.Error(err)
	}
}
