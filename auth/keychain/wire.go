package keychain

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"os"
	"time"

	"keyfob/auth"
)

// maxMessage bounds one message in either direction, in bytes.
const maxMessage = maxRecord + 64<<10

// Operations that a question asks for.
const (
	opHello  = "hello" // the first one; its answer says whether approvals last
	opLoad   = "load"
	opSave   = "save"
	opDelete = "delete"
	opCancel = "cancel" // gives up the question with the same number; has no answer of its own
)

// question goes to the helper. Several may be under way.
type question struct {
	ID      uint64          `json:"id"`
	Op      string          `json:"op"`
	Service string          `json:"service,omitempty"` // of hello
	Tool    string          `json:"tool,omitempty"`
	Quiet   bool            `json:"quiet,omitempty"`
	Tokens  json.RawMessage `json:"tokens,omitempty"` // a record
	Within  time.Duration   `json:"within,omitempty"` // nanoseconds; so a helper without a parent ends too
	Files   int             `json:"files,omitempty"`  // that come with it, and are held until it is done
}

// answer comes back, in any order.
type answer struct {
	ID      uint64          `json:"id"`
	OK      bool            `json:"ok,omitempty"`
	Missing bool            `json:"missing,omitempty"` // ErrNotFound
	Tokens  json.RawMessage `json:"tokens,omitempty"`  // a record
	Error   *auth.Error     `json:"error,omitempty"`
	Lasting bool            `json:"lasting,omitempty"` // of hello: approvals last as long as the helper
	Last    bool            `json:"last,omitempty"`    // the helper is to be used no more
	Asking  int32           `json:"asking,omitempty"`  // no answer: so many more dialogs are on the screen
}

// wire carries messages between Keyfob and its helper, and files to the helper
// where the system can do that.
type wire interface {
	io.Reader
	send(b []byte, files []*os.File) error
	received() []*os.File // in the order of their messages; whoever takes them closes them
	Close() error
}

// write sends one message: its length in four bytes, then JSON.
func write(w wire, message any, files []*os.File) error {
	b, err := json.Marshal(message)
	if err != nil {
		return err
	}
	if len(b) > maxMessage {
		return errTooLong
	}
	return w.send(append(binary.BigEndian.AppendUint32(nil, uint32(len(b))), b...), files)
}

var (
	errTooLong  = errors.New("a message is too long")
	errNonsense = errors.New("a message makes no sense")
)

// read receives one message.
func read(w wire, message any) error {
	var head [4]byte
	if _, err := io.ReadFull(w, head[:]); err != nil {
		return err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > maxMessage {
		return errNonsense
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(w, b); err != nil {
		return err
	}
	if json.Unmarshal(b, message) != nil {
		return errNonsense
	}
	return nil
}
