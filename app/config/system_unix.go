//go:build unix

package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"keyfob/auth/plainfile"
)

// DefaultSystem is where an administrator's tools are on this system.
func DefaultSystem() System {
	if runtime.GOOS == "darwin" {
		return System{Dir: "/Library/Application Support/keyfob/keyfob.d"}
	}
	return System{Dir: "/etc/keyfob/keyfob.d"}
}

// distrust says why what is at path may be changed or replaced by others than
// its owner, at which place on the way there, and what to do about it; nothing
// where it may not. Links are followed, each by the same rule. What is missing
// is safe where nobody else could put something there.
func (s System) distrust(path string) (place, what, do string) {
	if s.Top != "" {
		rest, err := filepath.Rel(s.Top, path)
		if err != nil || !filepath.IsLocal(rest) {
			return path, "lies outside of " + s.Top, "move it there"
		}
		return s.walk(s.Top, rest)
	}
	return s.walk("/", path)
}

// walk judges dir and each part of rest below it.
func (s System) walk(dir, rest string) (place, what, do string) {
	const most = 40 // links one behind the other
	links := 0
	todo := parts(rest)
	info, err := os.Lstat(dir)
	for {
		if errors.Is(err, fs.ErrNotExist) {
			return "", "", ""
		}
		if err != nil {
			return dir, "cannot be read (" + plainfile.Why(err) + ")", "make it readable by everybody"
		}
		if what, do := s.distrustOne(info); what != "" {
			return dir, what, do
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			to, fault := os.Readlink(dir)
			if links++; fault != nil || links > most {
				return dir, "is a link that leads nowhere", "remove it"
			}
			from := filepath.Dir(dir)
			if filepath.IsAbs(to) {
				from = "/"
				if rest, err := filepath.Rel(s.Top, to); s.Top != "" && err == nil && filepath.IsLocal(rest) {
					from, to = s.Top, rest
				}
			}
			dir, todo = from, append(parts(to), todo...)
			if len(todo) > 0 {
				dir, todo = filepath.Join(dir, todo[0]), todo[1:]
			}
			info, err = os.Lstat(dir)
			continue
		}
		if len(todo) == 0 {
			return "", "", ""
		}
		dir, todo = filepath.Join(dir, todo[0]), todo[1:]
		info, err = os.Lstat(dir)
	}
}

func parts(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
}

// distrustOne judges one file or folder. A folder in which everybody may make
// files, such as /tmp, counts as one that others can change, sticky or not.
func (s System) distrustOne(info fs.FileInfo) (what, do string) {
	who := "root"
	if s.Owner != 0 {
		who = fmt.Sprintf("user %d", s.Owner)
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || int(st.Uid) != s.Owner && st.Uid != 0 {
		return "belongs to another user than " + who, "run `chown root` on it"
	}
	if info.Mode()&fs.ModeSymlink == 0 && info.Mode().Perm()&0o022 != 0 { // a link has no permissions of its own
		return fmt.Sprintf("can be changed by others than %s (its mode is %04o)", who, info.Mode().Perm()), "run `chmod go-w` on it"
	}
	return "", ""
}
