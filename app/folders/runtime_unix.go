//go:build unix

package folders

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// RuntimeDir returns the folder of the engine's socket and lock, one for each
// user. It creates nothing: whoever uses the folder makes it and checks whose
// it is.
//
// Every program of one user must come to the same answer, since a second
// folder means a second engine. So the session's folder is found where it is merely
// not named, as under cron, and where a sandbox names a folder of its own in it, as
// snaps do; one that belongs to another user, as after su, is passed over; and
// where there is none, the folder for temporary files that a shell has chosen for
// itself counts for nothing.
func RuntimeDir() (string, error) { return usual().runtime(os.Getenv("XDG_RUNTIME_DIR")), nil }

// EarlierRuntimeDirs returns where earlier versions may have had that folder, in
// this environment.
func EarlierRuntimeDirs() []string {
	return usual().earlier(os.Getenv("XDG_RUNTIME_DIR"), os.TempDir())
}

// places are where a system has its folders for this user.
type places struct {
	session string // made when the user signs in to the machine; empty for none
	temp    string // everybody's
	user    string // the user's number
}

func usual() places {
	p := places{temp: "/tmp", user: strconv.Itoa(os.Getuid())}
	if runtime.GOOS == "linux" {
		p.session = "/run/user/" + p.user
	}
	return p
}

// runtime is the folder where the environment names dir.
func (p places) runtime(dir string) string {
	if filepath.IsAbs(dir) && own(dir) && !p.inSession(dir) {
		return filepath.Join(dir, "keyfob")
	}
	if p.session != "" && own(p.session) {
		return filepath.Join(p.session, "keyfob")
	}
	return filepath.Join(p.temp, "keyfob-"+p.user)
}

// earlier are the folders that earlier versions came to, where the environment
// names dir and temp.
func (p places) earlier(dir, temp string) (all []string) {
	add := func(parent, name string) {
		if dir := filepath.Join(parent, name); filepath.IsAbs(parent) && !slices.Contains(all, dir) {
			all = append(all, dir)
		}
	}
	add(dir, "keyfob")
	add(p.session, "keyfob")
	add(temp, "keyfob-"+p.user)
	return all
}

// inSession reports whether dir is the session's folder or one below it, under
// whatever name.
func (p places) inSession(dir string) bool {
	if p.session == "" {
		return false
	}
	below := func(dir string) bool { return dir == p.session || strings.HasPrefix(dir, p.session+"/") }
	if below(filepath.Clean(dir)) {
		return true
	}
	real, err := filepath.EvalSymlinks(dir) // /var/run leads to /run
	return err == nil && below(real)
}

// own reports whether dir is a folder of this user.
func own(dir string) bool {
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		return false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == os.Getuid()
}
