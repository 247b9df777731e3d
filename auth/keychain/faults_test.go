package keychain

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"testing"

	"keyfob/auth"
)

// killed runs op over b with a process that dies at step n, and reports
// whether it got that far.
func killed(b backend, n int, after bool, op func(v vault) error) bool {
	m := &mortal{backend: b, left: n, after: after, die: func() {}}
	_ = op(over(m))
	return m.dead
}

func TestKilledAtEveryStepOfSave(t *testing.T) {
	old, fresh, third := set("old", 5000), set("fresh", 7000), set("third", 3000)
	kills := 0
	for _, before := range []bool{true, false} { // with an old set, or with none
		for _, after := range []bool{false, true} {
			for n := 1; ; n++ {
				b := items{}
				if before {
					mustSave(t, over(b), tool, old)
				}
				if !killed(b, n, after, func(v vault) error { return v.save(t.Context(), tool, fresh) }) {
					break
				}
				kills++
				got, err := over(b).load(t.Context(), tool)
				switch {
				case err == nil && reflect.DeepEqual(got, fresh):
				case err == nil && before && reflect.DeepEqual(got, old):
				case errors.Is(err, ErrNotFound) && !before:
				default:
					t.Fatalf("step %d, after=%v: %v", n, after, err)
				}
				// Nothing is left behind: not by the next save, not by a sign-out.
				again := maps.Clone(b)
				mustSave(t, over(again), tool, third)
				wantSet(t, over(again), tool, third)
				if most := 1 + 2*2 + 4; len(again) > most { // the slot that is not in use keeps what was in it
					t.Fatalf("step %d, after=%v: %d items after the next save", n, after, len(again))
				}
				if err := over(b).delete(t.Context(), tool); err != nil || len(b) != 0 {
					t.Fatalf("step %d, after=%v: delete: %v, %d items left", n, after, err, len(b))
				}
			}
		}
	}
	if kills < 50 {
		t.Errorf("only %d kills", kills)
	}
	t.Logf("%d kills", kills)
}

func TestKilledAtEveryStepOfDelete(t *testing.T) {
	old := set("old", 5000)
	kills := 0
	for _, indexed := range []bool{true, false} {
		for _, after := range []bool{false, true} {
			for n := 1; ; n++ {
				b := items{}
				mustSave(t, over(b), tool, old)
				if !indexed {
					delete(b, indexName(tool))
				}
				if !killed(b, n, after, func(v vault) error { return v.delete(t.Context(), tool) }) {
					break
				}
				kills++
				got, err := over(b).load(t.Context(), tool)
				if !errors.Is(err, ErrNotFound) && (err != nil || !reflect.DeepEqual(got, old)) {
					t.Fatalf("step %d, after=%v: %v", n, after, err)
				}
				if err := over(b).delete(t.Context(), tool); err != nil || len(b) != 0 {
					t.Fatalf("step %d, after=%v: second delete: %v, %d items left", n, after, err, len(b))
				}
			}
		}
	}
	if kills < 30 {
		t.Errorf("only %d kills", kills)
	}
}

// liar is a backend that reports success for one call which it does not do, or
// does by half.
type liar struct {
	backend
	left int // calls until the lie
	half bool
	lied bool
}

func (l *liar) lie() bool {
	l.left--
	if l.left == 0 {
		l.lied = true
	}
	return l.left == 0
}

func (l *liar) set(ctx context.Context, name, value string) error {
	if l.lie() {
		if l.half {
			return l.backend.set(ctx, name, value[:len(value)/2])
		}
		return nil
	}
	return l.backend.set(ctx, name, value)
}

func (l *liar) remove(ctx context.Context, name string) error {
	if l.lie() {
		return nil
	}
	return l.backend.remove(ctx, name)
}

func TestLyingKeychainIsCaught(t *testing.T) {
	old, fresh := set("old", 5000), set("fresh", 5000)
	for n := 1; ; n++ {
		b := items{}
		mustSave(t, over(b), tool, old)
		l := &liar{backend: b, left: n}
		err := over(l).save(t.Context(), tool, fresh)
		if !l.lied {
			if n < 5 {
				t.Errorf("only %d lies", n)
			}
			break
		}
		got, lerr := over(b).load(t.Context(), tool)
		if lerr != nil {
			t.Fatalf("lie %d: %v", n, lerr)
		}
		// A lie about clearing away is no failure of the save.
		if isFresh := reflect.DeepEqual(got, fresh); isFresh != (err == nil) || !isFresh && !reflect.DeepEqual(got, old) {
			t.Errorf("lie %d: save said %v, and the set is fresh: %v", n, err, isFresh)
		}
		if err != nil && auth.AsError(err).Code != auth.CodeKeychainFailed {
			t.Errorf("lie %d: %v", n, err)
		}
	}
	for n := 1; ; n++ {
		b := items{}
		mustSave(t, over(b), tool, old)
		l := &liar{backend: b, left: n}
		err := over(l).delete(t.Context(), tool)
		if !l.lied {
			break
		}
		if err == nil {
			t.Errorf("lie %d of delete was believed", n)
		}
	}
}

func TestHalfWrittenItemIsCaught(t *testing.T) {
	for n := 1; n <= 4; n++ { // three chunks, manifest
		b := items{}
		l := &liar{backend: b, left: n, half: true}
		if err := over(l).save(t.Context(), tool, set("one", 4500)); auth.KindOf(err) != auth.KindKeychain || !l.lied {
			t.Errorf("lie %d: %v", n, err)
		}
	}
}
