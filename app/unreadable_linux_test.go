package app

import (
	"fmt"
	"os"
	"os/exec"
	"testing"

	"golang.org/x/sys/unix"

	"keyfob/app/cli"
)

// TestProcessesKeepTheirMemoryToThemselves asks a process of each verb whether
// it may be traced and dumped. The keychain's helper may until the keychain has
// seen which program it is; auth/keychain holds that it may not afterwards.
func TestProcessesKeepTheirMemoryToThemselves(t *testing.T) {
	const verb = "KEYFOB_TEST_HARDEN"
	if v := os.Getenv(verb); v != "" {
		harden(v)
		if v == cli.Keychain {
			unreadable()
		}
		dumpable, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
		var core unix.Rlimit
		if err != nil || unix.Getrlimit(unix.RLIMIT_CORE, &core) != nil {
			os.Exit(9)
		}
		fmt.Printf("<%d %d>", dumpable, core.Cur)
		os.Exit(0)
	}
	for _, v := range []string{cli.Tray, cli.Agent, cli.Demo, cli.Login, cli.Token, cli.Status, cli.Logout, cli.Check, cli.Tools, cli.Keychain} {
		cmd := exec.Command("/proc/self/exe", "-test.run=^"+t.Name()+"$")
		cmd.Env = append(os.Environ(), verb+"="+v)
		out, err := cmd.Output()
		if err != nil || string(out) != "<0 0>" {
			t.Errorf("%s: %v: %s, want neither cores nor anybody who traces it", v, err, out)
		}
	}
}
