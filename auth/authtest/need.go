package authtest

import (
	"os"
	"os/exec"
	"testing"
)

// Need makes sure that the programs a test is made of are on PATH. Where one
// is missing, the test is left out as [Missing] says.
func Need(t testing.TB, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			Missing(t, "the program %s is not installed; `make test` installs it", p)
		}
	}
}

// Missing leaves a test out because a part of its surroundings is not there,
// saying which. Where all tests have to run (CI=true, or KEYFOB_TEST_ALL=1 as
// `make test` sets it) it fails the test instead: a test that nobody runs
// must not look like one that passed.
func Missing(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" || os.Getenv("KEYFOB_TEST_ALL") == "1" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}
