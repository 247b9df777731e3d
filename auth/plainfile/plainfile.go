// Package plainfile reads files that a person, an administrator or another
// program has put somewhere. What is found there may be anything: a pipe that
// nobody writes to, an endless device, a folder. Only plain files are
// read, up to a bound, and the rest is refused at once with an error that says
// what it is.
//
// The package must never wait for anything but a disk, and never write.
package plainfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// KindError says that what is at Path is no plain file.
type KindError struct {
	Path string
	Kind string // what it is instead, such as "a folder"
}

// Error implements error.
func (e *KindError) Error() string { return e.Path + " is " + e.Kind + ", not a file" }

// SizeError says that a file is larger than anybody reads.
type SizeError struct {
	Path string
	Most int
}

// Error implements error.
func (e *SizeError) Error() string { return e.Path + " is larger than " + Size(e.Most) }

// Size writes a bound for people.
func Size(bytes int) string {
	if bytes%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d KiB", bytes>>10)
}

// Open opens the plain file at path, or the one that a link there leads to.
// Anything else is a [*KindError]; nothing that is there makes it wait.
func Open(path string) (*os.File, error) {
	// Before opening: to open a device can do something to it.
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if kind := kindOf(info.Mode()); kind != "" {
		return nil, &KindError{path, kind}
	}
	f, err := open(path, false)
	if err != nil {
		return nil, err
	}
	return still(f, path)
}

// OpenOrPipe is [Open] that takes a pipe too. Whoever reads bounds what they take
// and sets a deadline; a pipe that nobody writes to is at its end.
func OpenOrPipe(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode()&fs.ModeNamedPipe != 0 {
		return open(path, false)
	}
	return Open(path)
}

// still looks once more at a file that is open: another may have taken its
// place in between.
func still(f *os.File, path string) (*os.File, error) {
	info, err := f.Stat()
	if err == nil {
		if kind := kindOf(info.Mode()); kind != "" {
			err = &KindError{path, kind}
		}
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// Read returns the bytes of the plain file at path, of which there may be as
// many as most. More are a [*SizeError].
func Read(path string, most int) ([]byte, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	return readAll(f, path, most)
}

// ReadOwn is [Read] for a file that this program has written itself, in a folder
// of its own: a link is refused too.
func ReadOwn(path string, most int) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if kind := kindOf(info.Mode()); kind != "" {
		return nil, &KindError{path, kind}
	}
	f, err := open(path, true)
	if err != nil {
		return nil, err
	}
	if f, err = still(f, path); err != nil {
		return nil, err
	}
	return readAll(f, path, most)
}

func readAll(f *os.File, path string, most int) ([]byte, error) {
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, int64(most)+1))
	if err != nil {
		return nil, err
	}
	if len(data) > most {
		return nil, &SizeError{path, most}
	}
	return data, nil
}

// kindOf says what a file is that is not plain, or nothing.
func kindOf(m fs.FileMode) string {
	switch {
	case m.IsRegular():
		return ""
	case m.IsDir():
		return "a folder"
	case m&fs.ModeNamedPipe != 0:
		return "a pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	case m&fs.ModeSymlink != 0:
		return "a link"
	}
	return "no plain file"
}

// Why is the reason why a file could not be read, without its path, which
// whoever asked knows.
func Why(err error) string {
	var kind *KindError
	var size *SizeError
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &kind):
		return "it is " + kind.Kind + ", not a file"
	case errors.As(err, &size):
		return "it is larger than " + Size(size.Most)
	case errors.As(err, &path):
		return path.Err.Error()
	case errors.As(err, &link):
		return link.Err.Error()
	}
	return err.Error()
}
