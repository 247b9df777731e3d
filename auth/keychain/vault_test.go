package keychain

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
)

const tool = "plant4"

// over is a vault over b, as Direct has.
func over(b backend) vault { return vault{"keyfob", b, []int{chunkSize}} }

func mustSave(t *testing.T, v vault, tool string, s auth.Tokens) {
	t.Helper()
	if err := v.save(t.Context(), tool, s); err != nil {
		t.Fatal(err)
	}
}

func wantSet(t *testing.T, v vault, tool string, want auth.Tokens) {
	t.Helper()
	got, err := v.load(t.Context(), tool)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("loaded another set than %s", want.Set)
	}
}

func TestRoundTripAtEverySize(t *testing.T) {
	for _, size := range []int{0, 1, 1500, 1600, 1700, 2000, 4000, 20_000, 64 << 10, 1 << 20} {
		b := items{}
		want := set("one", size)
		mustSave(t, over(b), tool, want)
		wantSet(t, over(b), tool, want)
		for name, value := range b {
			if len(value) > chunkSize {
				t.Errorf("%d bytes: item %q has %d", size, name, len(value))
			}
			if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) {
				t.Errorf("%d bytes: item %q is not printable ASCII", size, name)
			}
		}
	}
}

func TestRoundTripOfEmptyFields(t *testing.T) {
	b := items{}
	want := auth.Tokens{Access: "a", Type: "Bearer", Expiry: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	mustSave(t, over(b), tool, want)
	wantSet(t, over(b), tool, want)
}

// TestOfAnUncheckedSet reads what an older build stored before it had checked
// it: the refresh token alone may be used.
func TestOfAnUncheckedSet(t *testing.T) {
	got, err := decode(
		[]byte(
			`{"access":"a","refresh":"r","id":"i","type":"Bearer","issued_at":"2026-01-01T00:00:00Z","expiry":"2026-01-01T01:00:00Z","set":"s","unverified":true}`,
		),
	)
	if err != nil || got.Access != "" || got.ID != "" || got.Refresh != "r" || !got.RefreshUnproven || !got.Expiry.Equal(got.IssuedAt) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestTimesLoseClockAndZone(t *testing.T) {
	b := items{}
	now := time.Now()
	s := set("one", 10)
	s.Expiry = now.In(time.FixedZone("far", 3600))
	mustSave(t, over(b), tool, s)
	got, err := over(b).load(t.Context(), tool)
	if err != nil {
		t.Fatal(err)
	}
	if !got.Expiry.Equal(now) || got.Expiry.Location() != time.UTC {
		t.Errorf("expiry %v, want %v", got.Expiry, now)
	}
}

func TestRefusedSets(t *testing.T) {
	huge := set("one", 3<<20)
	binary := set("one", 10)
	binary.Access = "a\xff"
	unchecked := set("one", 10)
	unchecked.Unverified = true
	for name, s := range map[string]auth.Tokens{"huge": huge, "binary": binary, "unchecked": unchecked} {
		b := items{}
		err := over(b).save(t.Context(), tool, s)
		if auth.KindOf(err) != auth.KindFailed || len(b) != 0 {
			t.Errorf("%s: err = %v, %d items", name, err, len(b))
		}
	}
	if err := over(items{}).save(t.Context(), "", set("one", 1)); auth.KindOf(err) != auth.KindUsage {
		t.Errorf("no tool: %v", err)
	}
}

func TestNothingStored(t *testing.T) {
	v := over(items{})
	if _, err := v.load(t.Context(), tool); !errors.Is(err, ErrNotFound) {
		t.Errorf("load: %v", err)
	}
	if err := v.delete(t.Context(), tool); err != nil {
		t.Errorf("delete: %v", err)
	}
}

func TestToolsDoNotMeet(t *testing.T) {
	b := items{}
	v := over(b)
	tools := []string{"a", "a/index", "a/x/0", "index", "ä b", "-x", "'; rm", "%61", "a\x00"}
	for _, name := range tools {
		mustSave(t, v, name, set(fmt.Sprintf("%x", name), 3000))
	}
	for _, name := range tools {
		wantSet(t, v, name, set(fmt.Sprintf("%x", name), 3000))
	}
	for i, name := range tools {
		if err := v.delete(t.Context(), name); err != nil {
			t.Fatal(err)
		}
		for _, rest := range tools[i+1:] {
			wantSet(t, v, rest, set(fmt.Sprintf("%x", rest), 3000))
		}
	}
	if len(b) != 0 {
		t.Errorf("left behind: %v", b)
	}
}

// narrow is a backend that takes items of at most limit bytes.
type narrow struct {
	backend
	limit int
}

func (n narrow) set(ctx context.Context, name, value string) error {
	if len(value) > n.limit {
		return failed("data passed to Set was too big", nil)
	}
	return n.backend.set(ctx, name, value)
}

// A keychain of the desktop takes a slot in one piece; one that takes only
// small items gets small ones.
func TestFitsEveryKeychain(t *testing.T) {
	const name = "a-tool-with-a-rather-long-name"
	for limit, most := range map[int]int{64 << 20: 3, 4096: 200, 2560: 200} {
		b := items{}
		v := vault{"keyfob", narrow{b, limit}, []int{256 << 10, chunkSize}}
		for i := range 5 {
			want := set("wide", (64<<10)>>i)
			mustSave(t, v, name, want)
			wantSet(t, v, name, want)
			if len(b) > most {
				t.Errorf("limit %d: %d items", limit, len(b))
			}
		}
		if err := v.delete(t.Context(), name); err != nil || len(b) != 0 {
			t.Errorf("limit %d: delete: %v, %d items left", limit, err, len(b))
		}
	}
}

// An item of 44 bytes holds no manifest: the error says so, and nothing is lost.
func TestTooNarrowAKeychain(t *testing.T) {
	b := items{}
	mustSave(t, over(b), tool, set("old", 3000))
	v := vault{"keyfob", narrow{b, 44}, []int{256 << 10, chunkSize}}
	if err := v.save(t.Context(), tool, set("wide", 64<<10)); code(err) != auth.CodeKeychainFailed || auth.AsError(err).Do == "" {
		t.Errorf("save: %v", err)
	}
	wantSet(t, over(b), tool, set("old", 3000))
}

// The names of the items are the same after every save.
func TestStableNames(t *testing.T) {
	b := items{}
	mustSave(t, over(b), tool, set("one", 100))
	mustSave(t, over(b), tool, set("two", 100))
	names := slices.Sorted(maps.Keys(b))
	if want := []string{tool, tool + "/a/0", tool + "/b/0"}; !slices.Equal(names, want) {
		t.Fatalf("the items are %q, want %q", names, want)
	}
	for i := range 5 {
		mustSave(t, over(b), tool, set(fmt.Sprint(i), 100))
		if got := slices.Sorted(maps.Keys(b)); !slices.Equal(got, names) {
			t.Errorf("after save %d the items are %q", i, got)
		}
	}
}

func TestEndedContextChangesNothing(t *testing.T) {
	b := items{}
	mustSave(t, over(b), tool, set("old", 10))
	before := maps.Clone(b)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	v := over(b)
	_, lerr := v.load(ctx, tool)
	for op, err := range map[string]error{"load": lerr, "save": v.save(ctx, tool, set("new", 10)), "delete": v.delete(ctx, tool)} {
		if auth.KindOf(err) != auth.KindCanceled {
			t.Errorf("%s: %v", op, err)
		}
	}
	if !maps.Equal(b, before) {
		t.Error("items were changed")
	}
}
