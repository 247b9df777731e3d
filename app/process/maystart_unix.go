//go:build unix

package process

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// othersHome reports whether home is another user's folder. That root owns the
// home of a service account is usual.
func othersHome(home string) bool {
	info, err := os.Stat(home)
	if err != nil || home == "" {
		return false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) != os.Geteuid() && st.Uid != 0
}

// steppedUp names the program that runs this one as another user than the person
// is, or is empty.
func steppedUp(getenv func(string) string) string {
	me := strconv.Itoa(os.Getuid())
	for _, v := range [...]struct{ variable, program string }{{"SUDO_UID", "sudo"}, {"PKEXEC_UID", "pkexec"}} {
		if uid := getenv(v.variable); uid != "" && uid != me {
			return v.program
		}
	}
	if name := getenv("DOAS_USER"); name != "" && name != "root" && me == "0" {
		return "doas"
	}
	return ""
}

// elevated is never so here: sudo makes another user.
func elevated() bool { return false }

// sandbox is the one in which this process is. What the environment says of it is
// no proof: programs that were started from a classic snap have SNAP as well, and
// are in none. top is the root of the file system.
func sandbox(top string) confined {
	if _, err := os.Lstat(filepath.Join(top, ".flatpak-info")); err == nil {
		return confined{"a Flatpak", "let that one talk to org.freedesktop.secrets with `flatpak override`"}
	}
	label, err := os.ReadFile(filepath.Join(top, "proc/self/attr/apparmor/current"))
	if err != nil {
		label, _ = os.ReadFile(filepath.Join(top, "proc/self/attr/current")) // older kernels
	}
	// A classic snap's rules are not enforced: snap.code.code (complain).
	profile, enforced := strings.CutSuffix(strings.TrimRight(string(label), "\x00\n"), " (enforce)")
	if enforced && strings.HasPrefix(profile, "snap.") {
		return confined{"a snap", "connect its password-manager-service with `snap connect`"}
	}
	return confined{}
}
