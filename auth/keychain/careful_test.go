package keychain

import (
	"context"
	"errors"
	"testing"

	"keyfob/auth"
)

// staged is a Store whose Peek and operations answer what the test says.
type staged struct {
	*Memory
	peeks []error
	op    error
	calls int
}

func (s *staged) Peek(context.Context) error {
	err := s.peeks[0]
	if len(s.peeks) > 1 {
		s.peeks = s.peeks[1:]
	}
	return err
}

func (s *staged) Delete(context.Context, string) error {
	s.calls++
	return s.op
}

func TestCareful(t *testing.T) {
	gone := fault(auth.CodeKeychainAbsent, "there is no keychain", "start one", nil)
	broke := failed("it broke", nil)
	for _, tt := range []struct {
		name     string
		peeks    []error
		op       error
		may      bool  // there is somebody to ask
		refusal  error // of Ask
		want     error
		calls    int
		asked    bool
		answered bool
	}{
		{name: "open", peeks: []error{nil}, calls: 1},
		{name: "open, and the operation fails", peeks: []error{nil}, op: broke, want: broke, calls: 1},
		{name: "away", peeks: []error{gone}, may: true, want: gone},
		{name: "locked, nobody to ask", peeks: []error{locked(nil)}, want: locked(nil)},
		{name: "locked, not to be asked now", peeks: []error{locked(nil)}, may: true, refusal: Dismissed(nil), want: Dismissed(nil)},
		{name: "locked, and unlocked when asked", peeks: []error{locked(nil)}, may: true, calls: 1, asked: true, answered: true},
		{
			name: "locked, and refused when asked", peeks: []error{locked(nil)}, op: Dismissed(nil), may: true, want: Dismissed(nil),
			calls: 1, asked: true,
		},
		{
			name: "locked, and nobody there", peeks: []error{locked(nil)}, op: ended(context.DeadlineExceeded), may: true,
			want: ended(context.DeadlineExceeded), calls: 1, asked: true,
		},
		{
			name: "locked, and no way to ask", peeks: []error{locked(nil)}, op: locked(nil), may: true, want: locked(nil), calls: 1,
			asked: true, answered: true,
		},
		{name: "somebody else unlocked it", peeks: []error{locked(nil), nil}, may: true, calls: 1, asked: true, answered: true},
		{name: "it died before it asked", peeks: []error{locked(nil), gone}, may: true, want: gone, asked: true, answered: true},
		{
			name: "it died while it asked", peeks: []error{locked(nil)}, op: broke, may: true, want: broke, calls: 1, asked: true,
			answered: true,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &staged{Memory: NewMemory(), peeks: tt.peeks, op: tt.op}
			c := Careful{Store: s}
			asked, answered := false, false
			if tt.may {
				c.Ask = func(context.Context) (func(bool), error) {
					if tt.refusal != nil {
						return nil, tt.refusal
					}
					asked = true
					return func(yes bool) { answered = yes }, nil
				}
			}
			err := c.Delete(t.Context(), tool)
			if code(err) != code(tt.want) || auth.KindOf(err) != auth.KindOf(tt.want) {
				t.Errorf("err = %v, want %v", err, tt.want)
			}
			if s.calls != tt.calls || asked != tt.asked || answered != tt.answered {
				t.Errorf("%d calls, asked %v, answered %v; want %d, %v, %v", s.calls, asked, answered, tt.calls, tt.asked, tt.answered)
			}
		})
	}
}

func TestCarefulLoadsAndSaves(t *testing.T) {
	c := Careful{Store: NewMemory()}
	want := set("one", 100)
	if _, err := c.Load(t.Context(), tool); !errors.Is(err, ErrNotFound) {
		t.Errorf("load of nothing: %v", err)
	}
	if err := c.Save(t.Context(), tool, want); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Load(t.Context(), tool); err != nil || got.Access != want.Access {
		t.Errorf("load: %v", err)
	}
}
