//go:build linux

package bed

import (
	"encoding/base64"
	"encoding/hex"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/godbus/dbus/v5"

	"keyfob/auth/authtest"
)

// KeePassXC is the password manager of that name as the desktop's keychain,
// with its database open.
type KeePassXC struct {
	b    *Bed
	run  *Process
	seen map[Window]bool // dialogs so far
}

// The password and the one group of the database, which is what KeePassXC shows
// as a keychain.
const (
	keePassword   = "the database's password"
	keeGroup      = "6b657966-6f62-4265-a64b-656570617373"
	accessRequest = ".*Access Request.*"
	deleteRequest = ".*(recycle bin|Delete entr).*"
)

const keeConfig = `[General]
ConfigVersion=2
UpdateCheckMessageShown=true
[GUI]
CheckForUpdates=false
ShowTrayIcon=false
[Security]
LockDatabaseScreenLock=false
NoConfirmMoveEntryToRecycleBin=NO_CONFIRM
[FdoSecrets]
Enabled=true
ShowNotification=false
ConfirmAccessItem=true
ConfirmDeleteItem=CONFIRM_DELETE
`

const keeDatabase = `<?xml version="1.0" encoding="UTF-8"?>
<KeePassFile>
 <Meta>
  <DatabaseName>bed</DatabaseName>
  <RecycleBinEnabled>True</RecycleBinEnabled>
  <CustomData><Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{WHICH}</Value></Item></CustomData>
 </Meta>
 <Root><Group><UUID>UUID64</UUID><Name>Root</Name></Group></Root>
</KeePassFile>
`

// StartKeePassXC brings KeePassXC up as the keychain. It needs a display with
// windows, and no other keychain. It asks a person before it gives anything out,
// and before it deletes anything if confirmDelete is set.
func (b *Bed) StartKeePassXC(confirmDelete bool) *KeePassXC {
	b.t.Helper()
	authtest.Need(b.t, "keepassxc", "keepassxc-cli", "xdotool")
	id, err := hex.DecodeString(strings.ReplaceAll(keeGroup, "-", ""))
	if err != nil {
		b.t.Fatal(err)
	}
	source, file := b.path("keepassxc.xml"), b.path("home/passwords.kdbx")
	b.write(source, replace(keeDatabase, "WHICH", keeGroup, "UUID64", base64.StdEncoding.EncodeToString(id)), 0o600)
	b.write(
		b.path("home/.config/keepassxc/keepassxc.ini"),
		replace(keeConfig, "CONFIRM_DELETE", strconv.FormatBool(confirmDelete), "NO_CONFIRM", strconv.FormatBool(!confirmDelete)),
		0o600,
	)
	make := b.Command("keepassxc-cli", "import", "--quiet", "--set-password", source, file)
	make.Stdin = strings.NewReader(keePassword + "\n" + keePassword + "\n")
	if out, err := make.CombinedOutput(); err != nil {
		b.t.Fatalf("no database for KeePassXC: %v\n%s", err, out)
	}
	k := &KeePassXC{b: b, seen: map[Window]bool{}}
	k.Start()
	return k
}

// Start starts KeePassXC with the database open.
func (k *KeePassXC) Start() {
	k.b.t.Helper()
	cmd := k.b.Command("keepassxc", "--pw-stdin", filepath.Join(k.b.Home, "passwords.kdbx"))
	cmd.Stdin = strings.NewReader(keePassword + "\n")
	cmd.Env = append(cmd.Env, "QT_QPA_PLATFORM=xcb")
	k.run = k.b.StartCommand(cmd)
	k.b.WaitName(secrets)
	k.b.Wait("the open database", func() bool {
		var path dbus.ObjectPath
		err := k.b.Bus.Object(secrets, "/org/freedesktop/secrets").
			Call("org.freedesktop.Secret.Service.ReadAlias", 0, "default").
			Store(&path)
		if err != nil || path == "/" {
			return false
		}
		locked, err := k.b.Bus.Object(secrets, path).GetProperty("org.freedesktop.Secret.Collection.Locked")
		return err == nil && locked.Value() == false
	})
}

// Dialog returns the dialog in which it asks a person right now, if there is one.
func (k *KeePassXC) Dialog() (w Window, open bool) {
	k.b.t.Helper()
	for _, w = range append(k.b.Windows(accessRequest), k.b.Windows(deleteRequest)...) {
		k.seen[w] = true
		open = true
	}
	return w, open
}

// Dialogs is how many dialogs were seen so far, by whichever of these methods.
func (k *KeePassXC) Dialogs() int {
	k.b.t.Helper()
	k.Dialog()
	return len(k.seen)
}

// WaitDialog waits for a dialog.
func (k *KeePassXC) WaitDialog() Window {
	k.b.t.Helper()
	var w Window
	k.b.Wait("KeePassXC's dialog", func() (open bool) {
		w, open = k.Dialog()
		return open
	})
	k.b.WaitDrawn(w)
	return w
}

// Approve answers a dialog with yes: the question for access with its first button, the one
// before a deletion with the one beside Cancel.
func (k *KeePassXC) Approve(w Window) {
	k.b.t.Helper()
	if slices.Contains(k.b.Windows(accessRequest), w) {
		k.b.Key(w, "Return")
	} else {
		k.b.Key(w, "Tab", "space")
	}
	k.b.Wait("the end of the dialog", func() bool { return !slices.Contains(k.b.Windows(".*"), w) })
}

// Stop kills it.
func (k *KeePassXC) Stop() {
	k.b.t.Helper()
	k.run.Kill()
	k.b.Wait("the end of KeePassXC", func() bool { return !k.b.HasName(secrets) })
}

// Entries is how many items of a service it shows.
func (k *KeePassXC) Entries(service string) int {
	k.b.t.Helper()
	var open, closed []dbus.ObjectPath
	err := k.b.Bus.Object(secrets, "/org/freedesktop/secrets").
		Call("org.freedesktop.Secret.Service.SearchItems", 0, map[string]string{"service": service}).
		Store(&open, &closed)
	if err != nil {
		k.b.t.Fatal(err)
	}
	return len(open) + len(closed)
}
