//go:build unix

package start

import (
	"os"
	"strconv"
	"strings"

	"keyfob/app/process"
	"keyfob/auth"
)

// mayStart refuses to start an engine as another user than the person is: it would
// belong to that user for as long as it runs.
func mayStart(env []string) error {
	if by := steppedUp(env); by != "" {
		return underSudo(by)
	}
	home, _ := value(env, "HOME")
	if process.MayChange(home) != nil {
		return othersHome(home)
	}
	return nil
}

// steppedUp names the program that runs this one as another user than the person
// is, or is empty.
func steppedUp(env []string) string {
	me := strconv.Itoa(os.Getuid())
	for _, v := range [...]struct{ variable, program string }{{"SUDO_UID", "sudo"}, {"PKEXEC_UID", "pkexec"}} {
		if uid, ok := value(env, v.variable); ok && uid != me {
			return v.program
		}
	}
	if name, ok := value(env, "DOAS_USER"); ok && me == "0" && name != "root" {
		return "doas"
	}
	return ""
}

func value(env []string, name string) (string, bool) {
	for _, v := range env {
		if n, value, ok := strings.Cut(v, "="); ok && n == name && value != "" {
			return value, true
		}
	}
	return "", false
}

func underSudo(by string) error {
	return &auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeOthersHome, Who: auth.WhoYou,
		What: "keyfob does not start under " + by + ", where it would work for another user than you",
		Do:   "run it without " + by,
	}
}

func othersHome(home string) error {
	return &auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeOthersHome, Who: auth.WhoYou,
		What: "the home folder " + home + " belongs to another user than the one who runs keyfob, so it was not started",
		Do:   "run it as that user, without sudo",
	}
}
