package keychain

import (
	"errors"

	"golang.org/x/sys/windows"

	"keyfob/auth"
)

// explain says what an error of the Credential Manager means.
func explain(err error) *auth.Error {
	var n windows.Errno
	if errors.As(err, &n) && n == windows.ERROR_NO_SUCH_LOGON_SESSION {
		return fault(
			auth.CodeKeychainAbsent,
			"Windows keeps no credentials for this kind of session, such as one over SSH",
			"use keyfob in a desktop session",
			err,
		)
	}
	return failed("the Windows Credential Manager refused with "+auth.Quote(err.Error()), err)
}
