package cli_test

import (
	"fmt"
	"io"
	"testing"

	"keyfob/app/cli"
	"keyfob/auth"
)

func TestExitCode(t *testing.T) {
	for kind, want := range map[auth.Kind]int{
		auth.KindUsage: 2, auth.KindSignIn: 3, auth.KindGrant: 3, auth.KindTransient: 4, auth.KindKeychain: 5, auth.KindDamaged: 5,
		auth.KindSetup: 1, auth.KindDenied: 1, auth.KindProtocol: 1, auth.KindCanceled: 1, auth.KindFailed: 1,
	} {
		if got := cli.ExitCode(fmt.Errorf("wrapped: %w", &auth.Error{Kind: kind, What: "x"})); got != want {
			t.Errorf("exit code for %s is %d, want %d", kind, got, want)
		}
	}
	if cli.ExitCode(nil) != 0 || cli.ExitCode(io.EOF) != 1 {
		t.Errorf("no error gives %d, a stranger's %d", cli.ExitCode(nil), cli.ExitCode(io.EOF))
	}
}
