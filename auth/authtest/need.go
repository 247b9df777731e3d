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

// NeedRoot leaves a test out that only the superuser can make, such as one with
// another user in it, which nobody should have to be for the rest.
func NeedRoot(t testing.TB, why string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root: " + why)
	}
}

// NotHere leaves a test out that means nothing on this machine, whatever is
// installed: it is of another system, say.
func NotHere(t testing.TB, format string, args ...any) {
	t.Helper()
	t.Skipf(format, args...)
}

// NotShort leaves a test out of `go test -short`, which is for a minute of
// waiting: what needs a desktop, a real provider, or simulates weeks.
func NotShort(t testing.TB, why string) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short leaves it out: " + why)
	}
}
