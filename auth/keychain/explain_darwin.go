package keychain

import (
	"errors"
	"fmt"
	"os/exec"

	"keyfob/auth"
)

// explain says what an error of the security program means. Its exit status is
// the low byte of an OSStatus of Security/SecBase.h.
func explain(err error) *auth.Error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return failed("the macOS keychain could not be reached", err)
	}
	switch exit.ExitCode() {
	case 36, 51, 128: // errSecInteractionNotAllowed, errSecAuthFailed, errSecUserCanceled
		return locked(err)
	case 37, 50: // errSecNoDefaultKeychain, errSecNoSuchKeychain
		return fault(auth.CodeKeychainAbsent, "there is no default keychain", "create one with Keychain Access", err)
	}
	return failed(fmt.Sprintf("the macOS keychain refused with status %d", exit.ExitCode()), err)
}
