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
	make func(s *safe, folder string)
	full func(s *safe, folder string, keyring int, is bool)
}

func disks() []disk {
	return []disk{
		{name: "a file may grow no more", make: func(*safe, string) {}, full: func(s *safe, _ string, keyring int, is bool) {
			limit := unix.Rlimit{Cur: unix.RLIM_INFINITY, Max: unix.RLIM_INFINITY}
			if is {
				limit.Cur = 0
			}
			s.must(unix.Prlimit(keyring, unix.RLIMIT_FSIZE, &limit, nil))
		}},
		{name: "full", root: true, make: mountSmall, full: func(s *safe, folder string, _ int, is bool) {
			filler := filepath.Join(folder, "filler")
			if !is {
				s.must(os.Remove(filler))
				return
			}
			f, err := os.Create(filler)
			s.must(err)
			for err == nil {
				_, err = f.Write(make([]byte, 512))
			}
			if !errors.Is(err, syscall.ENOSPC) {
				s.t.Errorf("the disk is not full: %v", err)
			}
			s.must(f.Close())
		}},
		{name: "read-only", root: true, make: mountSmall, full: func(s *safe, folder string, _ int, is bool) {
			flags := uintptr(unix.MS_REMOUNT)
			if is {
				flags |= unix.MS_RDONLY
			}
			s.must(unix.Mount("tmpfs", folder, "tmpfs", flags, "size=128k,mode=700"))
		}},
	}
}

func (s *safe) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// mountSmall makes folder a disk of its own. Where that is forbidden, as in some
// containers, the test is left out.
func mountSmall(s *safe, folder string) {
	s.t.Helper()
	s.must(os.MkdirAll(folder, 0o700))
	if err := unix.Mount("tmpfs", folder, "tmpfs", 0, "size=128k,mode=700"); err != nil {
		authtest.NotHere(s.t, "no disk can be mounted here: %v", err)
	}
	s.t.Cleanup(func() { s.must(unix.Unmount(folder, unix.MNT_DETACH)) })
}

// TestADiskThatTakesNothing keeps the keychain from writing its file. What is in
// it stays, the new tokens are in memory with a word about it, and all of it
// is stored afterwards.
func TestADiskThatTakesNothing(t *testing.T) {
	for _, d := range disks() {
		t.Run(d.name, func(t *testing.T) {
			if d.root {
				authtest.NeedRoot(t, "it mounts a disk")
			}
			s := newSafe(t, bed.Options{Keyring: bed.Absent, NoDisplay: true}, 0)
			authtest.Need(t, "gnome-keyring-daemon")
			folder := filepath.Join(s.Home, ".local", "share", "keyrings")
			d.make(s, folder)
			keyring := func() *bed.Process {
				// It is told that a file may grow no more, instead of being killed.
				cmd := s.Command("sh", "-c", "trap '' XFSZ; exec gnome-keyring-daemon --foreground --unlock --components=secrets")
				cmd.Stdin = strings.NewReader(bed.KeyringPassword)
				p := s.StartCommand(cmd)
				s.WaitName("org.freedesktop.secrets")
				return p
			}
			first := keyring()
			app := s.start()
			if got := s.login(renews); got.code != 0 {
				t.Fatalf("signing in ended with %d: %s", got.code, got.err)
			}
			s.waitKept(renews)
			file := filepath.Join(folder, "login.keyring")
			before, err := os.ReadFile(file)
			s.must(err)

			d.full(s, folder, first.PID(), true)
			if got := s.login(renews); got.code != 0 {
				t.Fatalf("signing in ended with %d: %s", got.code, got.err)
			}
			s.Tray.WaitEntry("Plant · signed in · keychain unavailable", "*see whether its disk is full*")
			s.inMemory(renews, "the keychain could not do what it was asked")
			if after, err := os.ReadFile(file); err != nil || string(after) != string(before) {
				t.Errorf("the old file was changed: %v", err)
			}

			d.full(s, folder, first.PID(), false)
			s.waitKept(renews)
			token := s.keyfob("token", renews).out
			s.quit(app)
			first.Kill()
			keyring() // anew, from its file
			if got := s.want(0, "", "token", renews); got.out != token {
				t.Error("the file holds another token")
			}
		})
	}
}

// TestAStateFolderThatTakesNothing is a home whose state folder cannot be
// written: what Keyfob would note there is lost, and nothing else.
func TestAStateFolderThatTakesNothing(t *testing.T) {
	authtest.NeedRoot(t, "it mounts a disk")
	s := newSafe(t, bed.Options{NoDisplay: true}, 0)
	folder := filepath.Join(s.Home, ".local", "state")
	mountSmall(s, folder)
	s.must(unix.Mount("tmpfs", folder, "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, "size=128k,mode=700"))
	s.signedIn()
	app := s.start()
	s.Tray.WaitEntry("Plant · signed in")
	s.want(0, "", "token", renews)
	s.want(0, "", "logout", "--local", renews)
	s.quit(app)
	s.want(3, "", "token", renews)
	s.want(0, "", "token", ends)
}
