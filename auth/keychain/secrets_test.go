package keychain_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/keychain"
)

func secretTool() auth.Tool {
	return auth.Tool{ID: "plant4", Name: "Plant 4", Issuer: "https://idp.example.com", ClientID: "twx", ClientAuth: auth.ClientAuthForm}
}

func TestSecretsKeepOnePerTool(t *testing.T) {
	ctx, store := t.Context(), memory.New()
	s, tool := keychain.Secrets{Store: store}, secretTool()
	if _, err := s.Load(ctx, tool); !errors.Is(err, keychain.ErrNotFound) {
		t.Errorf("before: %v", err)
	}
	if has, err := s.Has(ctx, "plant4"); has || err != nil {
		t.Errorf("before: has %v, %v", has, err)
	}
	long := auth.Secret(strings.Repeat("x", 5000)) // more than an item holds
	for _, want := range []auth.Secret{"first", long, "canary"} {
		if err := s.Save(ctx, tool, want); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Load(ctx, tool); err != nil || got.Reveal() != want.Reveal() {
			t.Errorf("%d bytes, %v, want %d", len(got), err, len(want))
		}
	}

	// The tool's token set is another entry, which neither side touches.
	if _, err := store.Load(ctx, "plant4"); !errors.Is(err, keychain.ErrNotFound) {
		t.Errorf("the tokens' entry: %v", err)
	}
	if err := store.Save(ctx, "plant4", auth.Tokens{Access: "token", Type: "Bearer"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(ctx, "plant4"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(ctx, tool); !errors.Is(err, keychain.ErrNotFound) {
		t.Errorf("after: %v", err)
	}
	if got, err := store.Load(ctx, "plant4"); err != nil || got.Access.Reveal() != "token" {
		t.Errorf("the tokens after the secret went: %v", err)
	}
	if err := s.Delete(ctx, "plant4"); err != nil {
		t.Errorf("deleted twice: %v", err)
	}
}

// TestSecretStaysWithItsClient holds that changed settings cannot lead a secret
// to another provider.
func TestSecretStaysWithItsClient(t *testing.T) {
	ctx := t.Context()
	s := keychain.Secrets{Store: memory.New()}
	if err := s.Save(ctx, secretTool(), "canary"); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*auth.Tool){
		"issuer":         func(t *auth.Tool) { t.Issuer = "https://evil.example.com" },
		"token endpoint": func(t *auth.Tool) { t.Endpoints.Token = "https://evil.example.com/token" },
		"client":         func(t *auth.Tool) { t.ClientID = "other" },
	} {
		tool := secretTool()
		change(&tool)
		got, err := s.Load(ctx, tool)
		if got != "" || auth.KindOf(err) != auth.KindSetup || !strings.Contains(err.Error(), "keyfob tools secret plant4") ||
			strings.Contains(err.Error(), "canary") {
			t.Errorf("another %s: %v", name, err)
		}
	}
	tool := secretTool()
	tool.Name, tool.Scopes, tool.ClientAuth = "Other name", []string{"x"}, auth.ClientAuthHeader
	if got, err := s.Load(ctx, tool); err != nil || got.Reveal() != "canary" {
		t.Errorf("another name, scopes and form: %v", err)
	}
}

// refusing is a keychain that gives one answer to everything.
type refusing struct {
	keychain.Store
	err error
}

func (r refusing) Load(context.Context, string) (auth.Tokens, error) { return auth.Tokens{}, r.err }
func (r refusing) Save(context.Context, string, auth.Tokens) error   { return r.err }
func (r refusing) Delete(context.Context, string) error              { return r.err }

func TestSecretErrorsSpeakOfTheSecret(t *testing.T) {
	for _, test := range []struct {
		code string
		kind auth.Kind
		want string
	}{
		{auth.CodeKeychainDamaged, auth.KindDamaged, "the client secret in the keychain is damaged: run `keyfob tools secret plant4`"},
		{auth.CodeKeychainNewer, auth.KindKeychain, "the client secret in the keychain was written by a newer keyfob"},
		{auth.CodeKeychainLocked, auth.KindKeychain, "locked"},
	} {
		cause := &auth.Error{Kind: test.kind, Code: test.code, What: "locked"}
		s := keychain.Secrets{Store: refusing{err: cause}}
		_, err := s.Load(t.Context(), secretTool())
		for _, err := range []error{err, s.Save(t.Context(), secretTool(), "x"), s.Delete(t.Context(), "plant4")} {
			if err == nil || !strings.HasPrefix(err.Error(), test.want) || auth.KindOf(err) != test.kind ||
				auth.AsError(err).Code != test.code {
				t.Errorf("%s: %v", test.code, err)
			}
		}
		if cause.What != "locked" {
			t.Error("the store's own error was changed")
		}
	}
}
