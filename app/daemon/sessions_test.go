package daemon

import (
	"context"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/keychain"
)

// locked is a keychain that would ask a person for its password.
type locked struct {
	keychain.Store
	asked int
}

func (l *locked) Peek(context.Context) error {
	return &auth.Error{Kind: auth.KindKeychain, Code: auth.CodeKeychainLocked, What: "the keychain is locked"}
}

func (l *locked) Load(ctx context.Context, tool string) (auth.Tokens, error) {
	l.asked++
	return l.Store.Load(ctx, tool)
}

// TestSecretDoesNotMakeTheKeychainAsk: an engine that renews a session by
// itself must not have the keychain ask for its password.
func TestSecretDoesNotMakeTheKeychainAsk(t *testing.T) {
	tool := auth.Tool{ID: "web", Name: "Web", Issuer: "https://x.example.com", ClientID: "x"}
	store := &locked{Store: memory.New()}
	if err := (keychain.Secrets{Store: store}).Save(t.Context(), tool, "canary"); err != nil {
		t.Fatal(err)
	}
	if s, err := clientSecrets(store)(t.Context(), tool); s != "" || store.asked != 0 || err == nil ||
		auth.AsError(err).Code != auth.CodeKeychainLocked {
		t.Errorf("unasked: %v after %d loads", err, store.asked)
	}
	if s, err := clientSecrets(store.Store)(t.Context(), tool); s.Reveal() != "canary" || err != nil {
		t.Errorf("of a keychain that is open: %v", err)
	}
	other := tool
	other.ID = "other"
	if s, err := clientSecrets(store.Store)(t.Context(), other); s != "" || err != nil {
		t.Errorf("a tool without a secret: %v", err)
	}
}
