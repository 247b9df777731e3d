package config

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// DefaultSystem is where an administrator's tools are on this system. The
// environment is not asked for it: it is each user's own.
func DefaultSystem() System {
	dir, err := windows.KnownFolderPath(windows.FOLDERID_ProgramData, 0)
	if err != nil {
		return System{}
	}
	return System{Dir: filepath.Join(dir, "keyfob", "keyfob.d")}
}

// distrust says why what f is may be another's than an administrator's, and
// what to do about it. Any user may make folders and files below ProgramData,
// and owns what they made.
func distrust(f *os.File, _ int) (what, do string) {
	const repair = "set its owner to Administrators"
	sd, err := windows.GetSecurityInfo(windows.Handle(f.Fd()), windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return "has an owner that cannot be read (" + err.Error() + ")", repair
	}
	owner, _, err := sd.Owner()
	if err != nil || owner == nil {
		return "has no owner", repair
	}
	if owner.IsWellKnown(windows.WinBuiltinAdministratorsSid) || owner.IsWellKnown(windows.WinLocalSystemSid) {
		return "", ""
	}
	return "belongs to another user than Administrators", repair
}
