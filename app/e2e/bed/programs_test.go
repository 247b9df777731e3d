//go:build linux

package bed_test

import (
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"fyne.io/systray"
	"github.com/godbus/dbus/v5"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/zalando/go-keyring"

	"keyfob/app/e2e/bed"
)

// The test program is also the program on the desktop: the value of this
// variable names one of the parts below.
const part = "BED_TEST_PART"

var parts = map[string]func() error{
	"keyring": useKeyring,
	"tray":    showIcon,
	"window":  showWindow,
	"notify":  notify,
}

func TestMain(m *testing.M) {
	if run := parts[os.Getenv(part)]; run != nil {
		if err := run(); err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// startPart starts a part on the desktop.
func startPart(t *testing.T, b *bed.Bed, name string) *bed.Process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := b.Command(self)
	cmd.Env = b.Env(part + "=" + name)
	return b.StartCommand(cmd)
}

// useKeyring sets a secret and reads it, as another session left it or not.
func useKeyring() error {
	switch got, err := keyring.Get("bed", "person"); {
	case err == nil:
		fmt.Println("found", got)
		return nil
	case !errors.Is(err, keyring.ErrNotFound):
		return err
	}
	if err := keyring.Set("bed", "person", "a secret"); err != nil {
		return err
	}
	got, err := keyring.Get("bed", "person")
	if err != nil {
		return err
	}
	fmt.Println("stored", got)
	return nil
}

// showIcon shows a menu whose entry changes when it is clicked.
func showIcon() error {
	systray.Run(func() {
		systray.SetTitle("a title")
		top := systray.AddMenuItem("plant__4", "")
		press := top.AddSubMenuItem("Press", "")
		systray.AddSeparator()
		systray.AddMenuItem("Off", "").Disable()
		go func() {
			for range press.ClickedCh {
				press.SetTitle("Pressed")
			}
		}()
	}, nil)
	return nil
}

// showWindow shows a red window at a known place, for a while.
func showWindow() error {
	x, err := xgb.NewConn()
	if err != nil {
		return err
	}
	defer x.Close()
	screen := xproto.Setup(x).DefaultScreen(x)
	id, err := xproto.NewWindowId(x)
	if err != nil {
		return err
	}
	const title = "a window"
	xproto.CreateWindow(x, screen.RootDepth, id, screen.Root, 100, 100, 200, 200, 0,
		xproto.WindowClassInputOutput, screen.RootVisual, xproto.CwBackPixel, []uint32{0xff0000})
	xproto.ChangeProperty(x, xproto.PropModeReplace, id, xproto.AtomWmName, xproto.AtomString, 8, uint32(len(title)), []byte(title))
	if err := xproto.MapWindowChecked(x, id).Check(); err != nil {
		return err
	}
	time.Sleep(time.Hour)
	return nil
}

// notify shows a notification and waits for its end.
func notify() error {
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		return err
	}
	defer bus.Close()
	const name = "org.freedesktop.Notifications"
	if err := bus.AddMatchSignal(dbus.WithMatchInterface(name)); err != nil {
		return err
	}
	signals := make(chan *dbus.Signal, 8)
	bus.Signal(signals)
	var id uint32
	err = bus.Object(name, "/org/freedesktop/Notifications").Call(name+".Notify", 0, "bed test", uint32(0), "",
		"A summary", "a body", []string{"again", "Sign in"}, map[string]dbus.Variant{}, int32(0)).Store(&id)
	if err != nil {
		return err
	}
	for s := range signals {
		fmt.Println(s.Name, s.Body)
		if s.Name == name+".NotificationClosed" {
			return nil
		}
	}
	return errors.New("the bus went away")
}
