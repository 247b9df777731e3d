//go:build unix

package plainfile_test

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"keyfob/auth/plainfile"
)

// within fails the test where f waits for something.
func within(t *testing.T, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatalf("%s waits", what)
	}
}

// TestWhatIsNoFile refuses at once what may never end, and says what it is.
func TestWhatIsNoFile(t *testing.T) {
	dir, err := os.MkdirTemp("", "kf") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	at := func(name string) string { return filepath.Join(dir, name) }
	ln, err := net.Listen("unix", at("socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	if err := errors.Join(syscall.Mkfifo(at("pipe"), 0o600), os.Symlink("pipe", at("link")), os.Mkdir(at("folder"), 0o700)); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		at("pipe"): "a pipe", at("link"): "a pipe", at("folder"): "a folder", at("socket"): "a socket",
		"/dev/zero": "a device", "/dev/tty": "a device",
	} {
		within(t, path, func() {
			_, err := plainfile.Read(path, 1<<20)
			var kind *plainfile.KindError
			if !errors.As(err, &kind) || kind.Kind != want || kind.Path != path || plainfile.Why(err) != "it is "+want+", not a file" {
				t.Errorf("%s: %v", path, err)
			}
			if _, err := plainfile.ReadOwn(path, 1<<20); err == nil {
				t.Errorf("%s: read as an own file", path)
			}
		})
	}
}

// TestFiles reads plain files, and links to them where they are not this
// program's own.
func TestFiles(t *testing.T) {
	file, link := filepath.Join(t.TempDir(), "file"), filepath.Join(t.TempDir(), "link")
	if err := errors.Join(os.WriteFile(file, []byte("text"), 0o600), os.Symlink(file, link)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, link} {
		if got, err := plainfile.Read(path, 4); err != nil || string(got) != "text" {
			t.Errorf("%s: %q %v", path, got, err)
		}
		_, err := plainfile.Read(path, 3)
		var size *plainfile.SizeError
		if !errors.As(err, &size) || size.Most != 3 {
			t.Errorf("%s: %v", path, err)
		}
	}
	if got, err := plainfile.ReadOwn(file, 4); err != nil || string(got) != "text" {
		t.Errorf("own: %q %v", got, err)
	}
	if _, err := plainfile.ReadOwn(link, 4); plainfile.Why(err) != "it is a link, not a file" {
		t.Errorf("a link in the place of an own file: %v", err)
	}
	if _, err := plainfile.Read(filepath.Join(file, "none"), 4); plainfile.Why(err) != "not a directory" {
		t.Errorf("below a file: %v", err)
	}
	if _, err := plainfile.Read(file+"none", 4); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	for bytes, want := range map[int]string{1 << 20: "1 MiB", 16 << 10: "16 KiB"} {
		if got := plainfile.Size(bytes); got != want {
			t.Errorf("%d is %s", bytes, got)
		}
	}
}

// TestPipes are for whoever asks for one: it never waits for a writer, and what
// is read ends at a deadline.
func TestPipes(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	within(t, "a pipe without a writer", func() {
		f, err := plainfile.OpenOrPipe(pipe)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = f.Close() }()
		if data, err := io.ReadAll(f); err != nil || len(data) > 0 {
			t.Errorf("%q %v", data, err)
		}
	})
	f, err := plainfile.OpenOrPipe(pipe)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	writer, err := os.OpenFile(pipe, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = writer.Close() }()
	within(t, "a pipe with a silent writer", func() {
		if err := f.SetReadDeadline(time.Now()); err != nil {
			t.Error(err)
		}
		if _, err := io.ReadAll(f); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(err)
		}
	})
	if _, err := plainfile.OpenOrPipe("/dev/zero"); plainfile.Why(err) != "it is a device, not a file" {
		t.Error(err)
	}
}
