package desktop

import (
	"maps"
	"strings"
	"testing"
)

// TestPlaceTakesNoOtherVariables: what somebody sends changes nothing but the
// place.
func TestPlaceTakesNoOtherVariables(t *testing.T) {
	got := Place{
		"DISPLAY": ":7", "LC_TIME": "de_DE.UTF-8", "LD_PRELOAD": "/tmp/x.so", "PATH": "/tmp", "HOME": "/tmp", "XDG_RUNTIME_DIR": "/tmp",
		"LANG": "", "LANGUAGE": strings.Repeat("x", longestValue+1), "BROWSER": "a\x00b",
	}.clean()
	if want := (Place{"DISPLAY": ":7", "LC_TIME": "de_DE.UTF-8"}); !maps.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if Place(nil).clean() != nil {
		t.Error("no place became one")
	}
}

// TestWherePlacesMeet: the newest place counts as far as it can be reached.
func TestWherePlacesMeet(t *testing.T) {
	at := Place{
		"DISPLAY": ":1", "XAUTHORITY": "/a", "XDG_SESSION_ID": "1", busAddress: "unix:path=/1", "LANG": "de_DE.UTF-8", "LC_TIME": "C.UTF-8",
		"BROWSER": "firefox",
	}
	to := Place{"DISPLAY": ":2", busAddress: "unix:path=/2", "LANG": "en_GB.UTF-8"}
	for _, c := range []struct {
		name string
		is   Alive
		want Place
	}{
		{"both", Alive{Display: true, Bus: true}, Place{"DISPLAY": ":2", busAddress: "unix:path=/2"}},
		{"display", Alive{Display: true}, Place{"DISPLAY": ":2", busAddress: "unix:path=/1"}},
		{"bus", Alive{Bus: true}, Place{"DISPLAY": ":1", "XAUTHORITY": "/a", "XDG_SESSION_ID": "1", busAddress: "unix:path=/2"}},
		{"none", Alive{}, Place{"DISPLAY": ":1", "XAUTHORITY": "/a", "XDG_SESSION_ID": "1", busAddress: "unix:path=/1"}},
	} {
		c.want["LANG"], c.want["BROWSER"] = "en_GB.UTF-8", "firefox"
		if got := at.onto(to, c.is); !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if got := at.onto(Place{}, Alive{}); !maps.Equal(got, at) {
		t.Errorf("a place without anything changes it to %v", got)
	}
}

func TestSamePlaces(t *testing.T) {
	for _, c := range []struct {
		a, b         Place
		bus, display bool
	}{
		{Place{"DISPLAY": ":1"}, Place{"DISPLAY": ":1.0"}, true, true},
		{Place{"DISPLAY": "unix:1"}, Place{"DISPLAY": ":1"}, true, true},
		{Place{"DISPLAY": ":1"}, Place{"DISPLAY": ":10"}, true, false},
		{Place{"WAYLAND_DISPLAY": "/run/w", "DISPLAY": ":1"}, Place{"WAYLAND_DISPLAY": "/run/w"}, true, true},
		{Place{busAddress: "unix:path=/b"}, Place{busAddress: "unix:path=/b,guid=1"}, true, true},
		{Place{busAddress: "unix:path=/b"}, Place{busAddress: "unix:path=/c"}, false, true},
	} {
		if bus, display := c.a.sameBus(c.b), c.a.sameDisplay(c.b); bus != c.bus || display != c.display {
			t.Errorf("%v and %v: bus %v, display %v", c.a, c.b, bus, display)
		}
	}
}
