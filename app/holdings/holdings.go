// Package holdings is about what the keychain holds of a user's tools, beside
// the sessions that an engine keeps there: it stores and deletes client secrets,
// says what is left of a tool, and deletes what no tool owns any more.
//
// It must never sign anybody in or out, or tell a provider anything. What the
// keychain holds is read from the note of keyfob/app/ledger; where there is none, only a
// tool that is named can be looked for.
package holdings

import (
	"context"
	"errors"
	"slices"
	"strings"

	"keyfob/app/ledger"
	"keyfob/app/lock"
	"keyfob/auth"
	"keyfob/auth/keychain"
)

// Holdings is what the keychain holds for who uses one settings file.
type Holdings struct {
	Store  keychain.Store // notes in Ledger what it stores
	Ledger ledger.Ledger
	Locks  lock.Folders
}

// locked does something with what is stored of a tool, which no other process
// changes meanwhile.
func (h Holdings) locked(ctx context.Context, tool string, do func() error) error {
	release, err := lock.NewSessions(h.Locks).Take(ctx, tool)
	if err != nil {
		return err
	}
	defer release()
	return do()
}

// SaveSecret stores a tool's client secret.
func (h Holdings) SaveSecret(ctx context.Context, tool auth.Tool, secret auth.Secret) error {
	return h.locked(ctx, tool.ID, func() error { return keychain.Secrets{Store: h.Store}.Save(ctx, tool, secret) })
}

// DeleteSecret deletes a tool's client secret.
func (h Holdings) DeleteSecret(ctx context.Context, tool string) error {
	return h.locked(ctx, tool, func() error { return keychain.Secrets{Store: h.Store}.Delete(ctx, tool) })
}

// deleteTokens deletes a tool's tokens, whoever they are of.
func (h Holdings) deleteTokens(ctx context.Context, tool string) error {
	return h.locked(ctx, tool, func() error { return h.Store.Delete(ctx, tool) })
}

// Left says what the keychain still holds of a tool, without asking a person for
// its password.
func (h Holdings) Left(ctx context.Context, tool string) (tokens, secret bool, err error) {
	if err := h.Store.Peek(ctx); err != nil {
		tokens, secret := h.noted(tool)
		if auth.AsError(err).Code == auth.CodeKeychainAbsent && !tokens && !secret {
			return false, false, nil // nothing is stored where nothing ever was
		}
		return false, false, err
	}
	_, err = h.Store.Load(ctx, tool)
	switch {
	case err == nil, auth.KindOf(err) == auth.KindDamaged:
		tokens = true
	case !errors.Is(err, keychain.ErrNotFound):
		return false, false, err
	}
	secret, err = keychain.Secrets{Store: h.Store}.Has(ctx, tool)
	return tokens, secret, err
}

// noted says what was noted of a tool.
func (h Holdings) noted(tool string) (tokens, secret bool) {
	names := h.Ledger.Names()
	return slices.Contains(names, tool), slices.Contains(names, keychain.SecretName(tool))
}

// Words names what was noted of a tool.
func (h Holdings) Words(tool string) string {
	var what []string
	tokens, secret := h.noted(tool)
	if tokens {
		what = append(what, "the sign-in")
	}
	if secret {
		what = append(what, "the client secret")
	}
	return strings.Join(what, " and ")
}
