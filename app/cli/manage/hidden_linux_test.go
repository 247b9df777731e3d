package manage_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"keyfob/auth/authtest"
	"keyfob/auth/keychain"
)

// TestTypedSecretIsNotShown types a secret at a terminal, which must not show
// it, and must show what is typed afterwards.
func TestTypedSecretIsNotShown(t *testing.T) {
	screen, keys := terminal(t)
	var mu sync.Mutex
	var shown strings.Builder
	ended := make(chan struct{})
	defer func() { _ = keys.Close(); <-ended }() // without the other end there is nothing to read
	go func() {                                  // what the terminal shows
		defer close(ended)
		b := make([]byte, 256)
		for {
			n, err := screen.Read(b)
			if err != nil {
				return
			}
			mu.Lock()
			shown.Write(b[:n])
			mu.Unlock()
		}
	}()
	if !echoes(keys) {
		t.Fatal("the terminal shows nothing from the beginning")
	}
	var person sync.WaitGroup
	person.Go(func() {
		for echoes(keys) {
			time.Sleep(time.Millisecond)
		}
		_, _ = screen.WriteString("canary\n")
	})
	h := inMemory(t)
	_, out, told, err := runTools(t, h, keys, "tools secret web")
	person.Wait()
	if err != nil {
		t.Fatal(err)
	}
	got, err := keychain.Secrets{Store: h.Store}.Load(t.Context(), webTool())
	if err != nil || got.Reveal() != "canary" {
		t.Errorf("%d bytes were stored, %v", len(got), err)
	}
	if !strings.HasPrefix(told, "client secret of Web (it is not shown): \n") {
		t.Errorf("asked with %q", told)
	}
	if !echoes(keys) {
		t.Error("the terminal still hides what is typed")
	}
	mu.Lock()
	defer mu.Unlock()
	if strings.Contains(shown.String()+out+told, "canary") {
		t.Errorf("the terminal shows %q", shown.String())
	}
}

// TestCtrlCShowsWhatIsTyped interrupts somebody who types a secret: the terminal
// must show what is typed afterwards.
func TestCtrlCShowsWhatIsTyped(t *testing.T) {
	screen, keys := terminal(t)
	ctx, press := context.WithCancel(t.Context())
	var person sync.WaitGroup
	person.Go(func() {
		for echoes(keys) {
			time.Sleep(time.Millisecond)
		}
		press()
	})
	h := inMemory(t)
	_, _, _, err := runToolsUntil(ctx, t, h, keys, "tools secret web")
	person.Wait()
	if err == nil || err.Error() != "no client secret was given" {
		t.Errorf("it ended with %v", err)
	}
	if !echoes(keys) {
		t.Error("the terminal still hides what is typed")
	}
	_, _ = screen.WriteString("\n") // the read that was given up ends
}

// echoes reports whether a terminal shows what is typed.
func echoes(keys *os.File) bool {
	mode, err := unix.IoctlGetTermios(int(keys.Fd()), unix.TCGETS)
	return err == nil && mode.Lflag&unix.ECHO != 0
}

// terminal opens a pseudo terminal: what a person sees and types at, and what a
// program reads from.
func terminal(t *testing.T) (screen, keys *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		authtest.Missing(t, "there are no pseudo terminals here: %v", err)
	}
	t.Cleanup(func() { _ = screen.Close() })
	if err := unix.IoctlSetPointerInt(int(screen.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(screen.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	keys, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		authtest.Missing(t, "the pseudo terminal cannot be opened: %v", err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	return screen, keys
}
