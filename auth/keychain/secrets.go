package keychain

import (
	"context"
	"errors"

	"keyfob/auth"
)

// secretType marks a record that holds a client secret.
const secretType = "client_secret"

// Secrets keeps the client secrets of tools in a [Store], beside their token
// sets and with the same care: cut into chunks, read back, replaced in one
// step. A secret is bound to the client that it was stored for, so that changed
// settings never send it to another provider.
type Secrets struct{ Store Store }

// SecretName names the entry of a tool's secret in a [Store]. A tool's ID holds
// no slash, so that it meets no tool's.
func SecretName(tool string) string { return tool + "/client_secret" }

// owner is the client that a secret belongs to: where it is sent, and as whom.
func owner(t auth.Tool) auth.Account {
	where := t.Endpoints.Token
	if where == "" {
		where = t.Issuer
	}
	return auth.Account{Issuer: where, Subject: t.ClientID}
}

// Load returns the tool's secret, or [ErrNotFound]. One that was stored for
// another provider or client ID is an error of KindSetup. Other errors are
// those of a [Store].
func (s Secrets) Load(ctx context.Context, tool auth.Tool) (auth.Secret, error) {
	t, err := s.Store.Load(ctx, SecretName(tool.ID))
	switch {
	case err != nil:
		return "", aboutSecret(tool.ID, err)
	case t.Type != secretType || t.Access == "":
		return "", aboutSecret(tool.ID, damaged("it is no client secret"))
	case t.Account != owner(tool):
		return "", &auth.Error{
			Kind: auth.KindSetup, Code: auth.CodeOtherClient, Who: auth.WhoYou,
			What: "the client secret of " + tool.Name + " was stored for another provider or client ID than the settings name now",
			Do:   "run `keyfob tools secret " + tool.ID + "` to store the right one",
		}
	}
	return t.Access, nil
}

// Save replaces the tool's secret.
func (s Secrets) Save(ctx context.Context, tool auth.Tool, secret auth.Secret) error {
	return aboutSecret(tool.ID, s.Store.Save(ctx, SecretName(tool.ID), auth.Tokens{Access: secret, Type: secretType, Account: owner(tool)}))
}

// Delete removes the secret of the tool with this ID. Nothing to delete is no
// error.
func (s Secrets) Delete(ctx context.Context, tool string) error {
	return aboutSecret(tool, s.Store.Delete(ctx, SecretName(tool)))
}

// Has reports whether there is a secret for the tool with this ID.
func (s Secrets) Has(ctx context.Context, tool string) (bool, error) {
	_, err := s.Store.Load(ctx, SecretName(tool))
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err = aboutSecret(tool, err); auth.KindOf(err) == auth.KindDamaged {
		return true, nil
	}
	return err == nil, err
}

// aboutSecret says of a secret what a store says of tokens.
func aboutSecret(tool string, err error) error {
	var e *auth.Error
	if !errors.As(err, &e) {
		return err
	}
	said := *e
	switch e.Code {
	case auth.CodeKeychainDamaged:
		said.What, said.Do = "the client secret in the keychain is damaged", "run `keyfob tools secret "+tool+"` to store it again"
	case auth.CodeKeychainNewer:
		said.What, said.Do = "the client secret in the keychain was written by a newer keyfob", "use that version"
	}
	return &said
}
