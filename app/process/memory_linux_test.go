package process_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"keyfob/app/cli"
	"keyfob/app/process"
)

// TestProcessesKeepTheirMemoryToThemselves asks a process of each command whether
// it may be traced and dumped. The keychain's helper may until the keychain has
// seen which program it is; auth/keychain holds that it may not afterwards.
func TestProcessesKeepTheirMemoryToThemselves(t *testing.T) {
	const line = "KEYFOB_TEST_HARDEN"
	if v, ok := os.LookupEnv(line); ok {
		call, err := cli.Parse(strings.Fields(v))
		if err != nil {
			os.Exit(8)
		}
		process.Harden(call.Command.Traceable)
		if call.Command.Name == cli.Keychain {
			process.HideMemory()
		}
		dumpable, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
		var core unix.Rlimit
		if err != nil || unix.Getrlimit(unix.RLIMIT_CORE, &core) != nil {
			os.Exit(9)
		}
		fmt.Printf("<%d %d>", dumpable, core.Cur)
		os.Exit(0)
	}
	for _, v := range []string{
		"", "agent", "demo", "login x", "token x", "status", "logout x", "check x", "tools list", "tools show x", "tools add x",
		"tools remove x", "tools import x", "tools secret x", cli.Keychain,
	} {
		cmd := exec.Command("/proc/self/exe", "-test.run=^"+t.Name()+"$")
		cmd.Env = append(os.Environ(), line+"="+v)
		out, err := cmd.Output()
		if err != nil || string(out) != "<0 0>" {
			t.Errorf("%q: %v: %s, want neither cores nor anybody who traces it", v, err, out)
		}
	}
}
