//go:build windows || darwin

package keychain

import (
	"context"
	"errors"

	"keyfob/auth"

	"github.com/zalando/go-keyring"
)

// chunkSizes are what the keychains of Windows and macOS take.
func chunkSizes() []int { return []int{chunkSize} }

// oneAtATime: a call of go-keyring knows no context, and one that hangs is not
// overtaken.
const oneAtATime = true

// system is the operating system's keychain, through go-keyring.
type system struct{ service string }

func newSystem(service string) *system { return &system{service} }

func (s *system) close() {}

func (s *system) asking() bool { return false }

func (s *system) onAsking(func(int32)) {}

func (s *system) worn() bool { return false }

func (s *system) connect(context.Context) (lasting bool, err error) { return false, nil }

func (s *system) backend(bool) backend { return s }

func (s *system) get(_ context.Context, name string) (string, error) {
	v, err := keyring.Get(s.service, name)
	return v, known(err)
}

func (s *system) set(_ context.Context, name, value string) error {
	return known(keyring.Set(s.service, name, value))
}

func (s *system) remove(_ context.Context, name string) error {
	return known(keyring.Delete(s.service, name))
}

// known says what an error of go-keyring means.
func known(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keyring.ErrNotFound):
		return errNoItem
	case errors.Is(err, keyring.ErrUnsupportedPlatform):
		return fault(auth.CodeKeychainAbsent, "keyfob knows no keychain on this system", "", err)
	}
	return explain(err)
}
