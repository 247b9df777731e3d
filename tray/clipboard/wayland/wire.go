//go:build linux || freebsd || openbsd || netbsd

package wayland

import (
	"encoding/binary"
	"errors"
	"io"
	"net"

	"golang.org/x/sys/unix"
)

// wire is a connection to the compositor, message by message. One goroutine
// reads and one writes.
type wire struct {
	conn *net.UnixConn
	buf  []byte // received, not yet handled
	fds  []int  // likewise
}

// message is an event of an object.
type message struct {
	object uint32
	opcode uint16
	body   []byte
	rest   []byte // of body, not yet read
	short  bool   // more was read than there is
}

// maxFDs bounds what the compositor may leave open here.
const maxFDs = 28 // as libwayland sends at most

var errMalformed = errors.New("the compositor's message is malformed")

// receive waits for the next message.
func (w *wire) receive() (message, error) {
	for {
		if m, n, err := w.parse(); n > 0 || err != nil {
			w.buf = w.buf[n:]
			return m, err
		}
		in, oob := make([]byte, 4096), make([]byte, unix.CmsgSpace(4*maxFDs))
		n, oobn, _, _, err := w.conn.ReadMsgUnix(in, oob)
		if oobn > 0 {
			w.take(oob[:oobn])
		}
		if err != nil {
			return message{}, err
		}
		if n == 0 {
			return message{}, io.EOF
		}
		w.buf = append(w.buf, in[:n]...)
	}
}

// parse returns the first message of the buffer and its length, 0 for none yet.
func (w *wire) parse() (message, int, error) {
	if len(w.buf) < 8 {
		return message{}, 0, nil
	}
	head := binary.NativeEndian.Uint32(w.buf[4:])
	size := int(head >> 16)
	if size < 8 {
		return message{}, 0, errMalformed
	}
	if len(w.buf) < size {
		return message{}, 0, nil
	}
	body := append([]byte(nil), w.buf[8:size]...)
	return message{object: binary.NativeEndian.Uint32(w.buf), opcode: uint16(head), body: body, rest: body}, size, nil
}

// take keeps the files that came with a message.
func (w *wire) take(oob []byte) {
	controls, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return
	}
	for _, c := range controls {
		fds, err := unix.ParseUnixRights(&c)
		if err != nil {
			continue
		}
		w.fds = append(w.fds, fds...)
	}
	for len(w.fds) > 4*maxFDs { // nobody asked for so many
		_ = unix.Close(w.fds[len(w.fds)-1])
		w.fds = w.fds[:len(w.fds)-1]
	}
}

// fd is the next file that came, which is the caller's.
func (w *wire) fd() (int, bool) {
	if len(w.fds) == 0 {
		return 0, false
	}
	fd := w.fds[0]
	w.fds = w.fds[1:]
	return fd, true
}

// close ends the connection and whatever came with it.
func (w *wire) close() {
	_ = w.conn.Close()
	for _, fd := range w.fds {
		_ = unix.Close(fd)
	}
	w.fds = nil
}

// send sends a request with its arguments, which are numbers and texts.
func (w *wire) send(object uint32, opcode uint16, args ...any) error {
	return w.sendFile(object, opcode, -1, args...)
}

// sendFile is send with an open file beside the arguments, if that is not -1.
func (w *wire) sendFile(object uint32, opcode uint16, fd int, args ...any) error {
	out := make([]byte, 8, 64)
	for _, arg := range args {
		switch a := arg.(type) {
		case uint32:
			out = binary.NativeEndian.AppendUint32(out, a)
		case string: // its length with a zero byte, padded to whole words
			out = binary.NativeEndian.AppendUint32(out, uint32(len(a)+1))
			out = append(out, a...)
			out = append(out, make([]byte, 4-len(a)%4)...)
		}
	}
	binary.NativeEndian.PutUint32(out, object)
	binary.NativeEndian.PutUint32(out[4:], uint32(len(out))<<16|uint32(opcode))
	var oob []byte
	if fd >= 0 {
		oob = unix.UnixRights(fd)
	}
	n, _, err := w.conn.WriteMsgUnix(out, oob, nil)
	if err == nil && n < len(out) {
		_, err = w.conn.Write(out[n:])
	}
	return err
}

// uint reads a number, or an object.
func (m *message) uint() uint32 {
	if len(m.rest) < 4 {
		m.short = true
		return 0
	}
	v := binary.NativeEndian.Uint32(m.rest)
	m.rest = m.rest[4:]
	return v
}

// text reads a string.
func (m *message) text() string {
	n := int(m.uint())
	padded := (n + 3) &^ 3
	if n < 1 || padded > len(m.rest) {
		m.short = m.short || n != 0
		return ""
	}
	s := string(m.rest[:n-1])
	m.rest = m.rest[padded:]
	return s
}

func (m *message) err() error {
	if m.short {
		return errMalformed
	}
	return nil
}
