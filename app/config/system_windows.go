package config

import (
	"errors"
	"io/fs"
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

// distrust says why what is at path may be another's than an administrator's,
// at which place, and what to do about it. Any user may make folders and files
// below ProgramData, and owns what they made, so the folder of Keyfob's there is
// judged too. A file elsewhere is judged with the folder that it is in.
func (s System) distrust(path string) (place, what, do string) {
	places := []string{filepath.Dir(path), path}
	if rest, err := filepath.Rel(filepath.Dir(s.Dir), path); err == nil && filepath.IsLocal(rest) {
		places = []string{filepath.Dir(s.Dir), s.Dir, path}
	}
	for _, place := range places {
		if what, do := distrustOne(place); what != "" {
			return place, what, do
		}
	}
	return "", "", ""
}

func distrustOne(path string) (what, do string) {
	const repair = "set its owner to Administrators"
	sd, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if errors.Is(err, fs.ErrNotExist) {
		return "", ""
	}
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
