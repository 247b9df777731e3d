package session_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// TestEqual changes each field of a snapshot, so that none is forgotten.
func TestEqual(t *testing.T) {
	whole := func() session.Snapshot {
		return session.Snapshot{Renewal: &session.Renewal{}, Problem: &auth.Error{}}
	}
	if !whole().Equal(whole()) || !(session.Snapshot{}).Equal(session.Snapshot{}) {
		t.Error("a snapshot does not equal itself")
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[session.Snapshot]()) {
		other := whole()
		change(t, reflect.ValueOf(&other).Elem().FieldByIndex(field.Index))
		if whole().Equal(other) || other.Equal(whole()) {
			t.Errorf("%s is not compared", field.Name)
		}
	}
	// What a pointer leads to, field by field.
	for _, field := range reflect.VisibleFields(reflect.TypeFor[session.Renewal]()) {
		other := whole()
		change(t, reflect.ValueOf(other.Renewal).Elem().FieldByIndex(field.Index))
		if whole().Equal(other) {
			t.Errorf("%s of the renewal is not compared", field.Name)
		}
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[auth.Error]()) {
		other := whole()
		value := reflect.ValueOf(other.Problem).Elem().FieldByIndex(field.Index)
		if field.Name == "Err" { // the cause, which nobody is told
			value.Set(reflect.ValueOf(errors.ErrUnsupported))
		} else {
			change(t, value)
		}
		if whole().Equal(other) != (field.Name == "Err") {
			t.Errorf("%s of the problem is wrongly compared", field.Name)
		}
	}
}

// TestInMemoryAtMost is about engines that give up at a time what only their
// memory holds.
func TestInMemoryAtMost(t *testing.T) {
	end := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		store        string
		endsAt, want time.Time
	}{
		"in the keychain":      {store: session.StoreKeychain, endsAt: end.Add(time.Hour)},
		"nobody is signed in":  {},
		"goes on for longer":   {store: session.StoreMemory, endsAt: end.Add(time.Hour), want: end},
		"ends before":          {store: session.StoreMemory, endsAt: end.Add(-time.Hour), want: end.Add(-time.Hour)},
		"nobody knows its end": {store: session.StoreMemory, want: end},
	} {
		if got := (session.Snapshot{Store: tc.store, EndsAt: tc.endsAt}).InMemoryAtMost(end); !got.MemoryUntil.Equal(tc.want) {
			t.Errorf("%s: until %v, want %v", name, got.MemoryUntil, tc.want)
		}
	}
}

// TestEqualMoments compares a time in two places.
func TestEqualMoments(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	if !(session.Snapshot{EndsAt: at}).Equal(session.Snapshot{EndsAt: at.In(time.FixedZone("", 3600))}) {
		t.Error("one moment is told as two")
	}
}

// change gives v another value.
func change(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Unix(1, 0)))
		return
	case []string:
		v.Set(reflect.ValueOf([]string{"x"}))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int64:
		v.SetInt(1)
	case reflect.Pointer:
		v.SetZero()
	default:
		t.Fatalf("no other value of a %s", v.Type())
	}
}
