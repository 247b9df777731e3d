package server_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"keyfob/app/agent"
	"keyfob/app/agent/server"
	"keyfob/auth"
	"keyfob/auth/authtest"
)

// TestClosedFolder has a person take away their own rights, which mean nothing to
// root.
func TestClosedFolder(t *testing.T) {
	if os.Getuid() == 0 {
		inFolderOfAnother(t)
		return
	}
	dir := folder(t)
	l, err := server.Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	socket := filepath.Join(dir, "agent.sock")
	for name, tt := range map[string]struct{ closed, want string }{
		"the socket":    {socket, "keyfob's own socket cannot be used (connect: permission denied): run `chmod -R u+rwX " + dir + "`"},
		"the folder":    {dir, "keyfob's own socket cannot be used (connect: permission denied): run `chmod -R u+rwX " + dir + "`"},
		"the one above": {filepath.Dir(dir), "cannot open keyfob's own socket (lstat " + dir + ": permission denied): check the folder that it names"},
	} {
		info, err := os.Stat(tt.closed)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(tt.closed, 0); err != nil {
			t.Fatal(err)
		}
		_, failed := agent.Dial(t.Context(), dir)
		if err := os.Chmod(tt.closed, info.Mode().Perm()); err != nil {
			t.Fatal(err)
		}
		if e := auth.AsError(failed); e == nil || e.Kind == auth.KindTransient || e.Error() != tt.want {
			t.Errorf("%s: %v", name, failed)
		}
	}
}

// inFolderOfAnother runs the test as a user who is not root.
func inFolderOfAnother(t *testing.T) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("/tmp", "kf")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	program := filepath.Join(dir, "test")
	if err := os.WriteFile(program, b, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	out, err := authtest.AsOther(t, exec.Command(program, "-test.run=^"+t.Name()+"$")).CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
