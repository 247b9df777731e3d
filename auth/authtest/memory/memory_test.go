package memory_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/keychain"
)

// TestKeepsWhatAKeychainKeeps stores a set with everything in it.
func TestKeepsWhatAKeychainKeeps(t *testing.T) {
	ctx, s := t.Context(), memory.New()
	if _, err := s.Load(ctx, "plant4"); !errors.Is(err, keychain.ErrNotFound) {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	set := auth.Tokens{
		Access: "a", Refresh: "r", ID: "i", Type: "Bearer", Account: auth.Account{Subject: "s"}, Scopes: []string{"openid"},
		SignedInAt: at.In(time.FixedZone("", 3600)), IssuedAt: at, Expiry: at, RefreshExpiry: at, Nonce: "n", AuthTime: at,
		RefreshUnproven: true, RefreshEndFixed: true, RefreshRefused: true, AnswerLost: true,
		Refusal: &auth.Error{Kind: auth.KindGrant, What: "no", Err: errors.New("cause")}, Asked: []string{"openid"}, Client: "c", Set: "x",
	}
	if err := s.Save(ctx, "plant4", set); err != nil {
		t.Fatal(err)
	}
	want := set
	want.SignedInAt, want.Refusal = at, &auth.Error{Kind: auth.KindGrant, What: "no"}
	if got, err := s.Load(ctx, "plant4"); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n%+v\n%+v", err, got, want)
	}
	if err := s.Delete(ctx, "plant4"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(ctx, "plant4"); !errors.Is(err, keychain.ErrNotFound) {
		t.Error(err)
	}
}

// TestRefusesWhatAKeychainRefuses holds that nothing unverified is stored, and
// nothing once the context has ended.
func TestRefusesWhatAKeychainRefuses(t *testing.T) {
	s := memory.New()
	if err := s.Save(t.Context(), "plant4", auth.Tokens{Unverified: true}); auth.AsError(err).Code != auth.CodeUnverified {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Save(ctx, "plant4", auth.Tokens{}); auth.KindOf(err) != auth.KindCanceled {
		t.Error(err)
	}
}
