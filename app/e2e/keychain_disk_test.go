//go:build linux

package e2e_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest"
)

// disk is where the keychain keeps its file, and a way to have it take nothing.
type disk struct {
	name string
	root bool // only the superuser can make it
	make func(d *keychainDesktop, folder string)
	full func(d *keychainDesktop, folder string, keyring int, is bool)
}

func disks() []disk {
	return []disk{
		{
			name: "a file may grow no more",
			make: func(*keychainDesktop, string) {},
			full: func(d *keychainDesktop, _ string, keyring int, is bool) {
				limit := unix.Rlimit{Cur: unix.RLIM_INFINITY, Max: unix.RLIM_INFINITY}
				if is {
					limit.Cur = 0
				}
				d.must(unix.Prlimit(keyring, unix.RLIMIT_FSIZE, &limit, nil))
			},
		},
		{name: "full", root: true, make: mountSmall, full: func(d *keychainDesktop, folder string, _ int, is bool) {
			filler := filepath.Join(folder, "filler")
			if !is {
				d.must(os.Remove(filler))
				return
			}
			f, err := os.Create(filler)
			d.must(err)
			for err == nil {
				_, err = f.Write(make([]byte, 512))
			}
			if !errors.Is(err, syscall.ENOSPC) {
				d.t.Errorf("the disk is not full: %v", err)
			}
			d.must(f.Close())
		}},
		{name: "read-only", root: true, make: mountSmall, full: func(d *keychainDesktop, folder string, _ int, is bool) {
			flags := uintptr(unix.MS_REMOUNT)
			if is {
				flags |= unix.MS_RDONLY
			}
			d.must(unix.Mount("tmpfs", folder, "tmpfs", flags, "size=128k,mode=700"))
		}},
	}
}

func (d *keychainDesktop) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// mountSmall makes folder a disk of its own. Where that is forbidden, as in some
// containers, the test is left out.
func mountSmall(d *keychainDesktop, folder string) {
	d.t.Helper()
	d.must(os.MkdirAll(folder, 0o700))
	if err := unix.Mount("tmpfs", folder, "tmpfs", 0, "size=128k,mode=700"); err != nil {
		authtest.NotHere(d.t, "no disk can be mounted here: %v", err)
	}
	d.t.Cleanup(func() { d.must(unix.Unmount(folder, unix.MNT_DETACH)) })
}

// TestADiskThatTakesNothing keeps the keychain from writing its file. What is in
// it stays, the new tokens are in memory with a word about it, and all of it
// is stored afterwards.
func TestADiskThatTakesNothing(t *testing.T) {
	for _, c := range disks() {
		t.Run(c.name, func(t *testing.T) {
			if c.root {
				authtest.NeedRoot(t, "it mounts a disk")
			}
			d := newKeychainDesktop(t, bed.Options{Keyring: bed.Absent, NoDisplay: true}, 0)
			authtest.Need(t, "gnome-keyring-daemon")
			folder := filepath.Join(d.Home, ".local", "share", "keyrings")
			c.make(d, folder)
			keyring := func() *bed.Process {
				// It is told that a file may grow no more, instead of being killed.
				cmd := d.Command("sh", "-c", "trap '' XFSZ; exec gnome-keyring-daemon --foreground --unlock --components=secrets")
				cmd.Stdin = strings.NewReader(bed.KeyringPassword)
				p := d.StartCommand(cmd)
				d.WaitName("org.freedesktop.secrets")
				return p
			}
			first := keyring()
			app := d.startTray()
			d.mustLogin(renews)
			d.waitStored(renews)
			file := filepath.Join(folder, "login.keyring")
			before, err := os.ReadFile(file)
			d.must(err)

			c.full(d, folder, first.PID(), true)
			d.mustLogin(renews)
			d.Tray.WaitEntry("Plant · signed in · keychain unavailable", "*see whether its disk is full*")
			d.checkInMemory(renews, "the keychain could not do what it was asked")
			if after, err := os.ReadFile(file); err != nil || string(after) != string(before) {
				t.Errorf("the old file was changed: %v", err)
			}

			c.full(d, folder, first.PID(), false)
			d.waitStored(renews)
			token := d.keyfob("token", renews).out
			d.quitTray(app)
			first.Kill()
			keyring() // anew, from its file
			if got := d.want(0, "", "token", renews); got.out != token {
				t.Error("the file holds another token")
			}
		})
	}
}

// TestAStateFolderThatTakesNothing is a home whose state folder cannot be
// written: what Keyfob would note there is lost, and nothing else.
func TestAStateFolderThatTakesNothing(t *testing.T) {
	authtest.NeedRoot(t, "it mounts a disk")
	d := newKeychainDesktop(t, bed.Options{NoDisplay: true}, 0)
	folder := filepath.Join(d.Home, ".local", "state")
	mountSmall(d, folder)
	d.must(unix.Mount("tmpfs", folder, "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, "size=128k,mode=700"))
	d.signedIn()
	app := d.startTray()
	d.Tray.WaitEntry("Plant · signed in")
	d.want(0, "", "token", renews)
	d.want(0, "", "logout", "--local", renews)
	d.quitTray(app)
	d.want(3, "", "token", renews)
	d.want(0, "", "token", ends)
}
