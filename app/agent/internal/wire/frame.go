package wire

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"keyfob/auth"
)

// version is the protocol's. A new operation, or a new member that may be left
// out, does not change it; a member that means something else does.
const version = 2

// firstVersion is the one in which a request to quit is sent: an engine of every
// version understands it.
const firstVersion = 1

// versionOf is the version in which op is sent.
func versionOf(op string) int {
	if op == string(OpQuit) {
		return firstVersion
	}
	return version
}

// HarmlessTwice reports whether an operation may be asked for again that an engine
// has perhaps begun.
func HarmlessTwice(op string) bool {
	return op == string(OpToken) || op == string(OpStatus) || op == Inspect
}

// ErrTooLong is a line beyond the bound.
var ErrTooLong = errors.New("line too long")

// RequestHead is what each request begins with. The members of the operation's
// own request follow in the same object.
type RequestHead struct {
	V  int    `json:"v"`
	Op string `json:"op"`
}

// Request is what is known of a request before its operation reads the rest.
type Request struct {
	RequestHead
	Caller
}

// ReplyHead is what each line of an answer begins with. The members of the
// operation's own reply follow in the same object.
type ReplyHead struct {
	V     int         `json:"v"`
	OK    bool        `json:"ok,omitempty"`
	Wait  bool        `json:"wait,omitempty"` // the engine is at work, nothing else
	More  bool        `json:"more,omitempty"` // another line follows
	Error *auth.Error `json:"error,omitempty"`
}

// ReadFrame reads one line of at most limit bytes, without its end. It holds
// no more than limit bytes and a buffer, whatever the other end sends. What does
// not fit into r's own buffer is kept in what longer returns, if there is such a
// function. A clean end before the first byte is io.EOF, one within a line
// io.ErrUnexpectedEOF.
func ReadFrame(r *bufio.Reader, limit int, longer func() []byte) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		n := len(line) + len(part)
		if err == nil {
			n-- // the line's end
		}
		if n > limit {
			return nil, ErrTooLong
		}
		if err != nil && line == nil && longer != nil {
			line = longer()
		}
		line = append(line, part...)
		switch {
		case err == nil:
			return line[:n], nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && n > 0:
			return nil, io.ErrUnexpectedEOF
		default:
			return nil, err
		}
	}
}

// encode returns a line of head's members and then body's, with its end. A body
// of nil has none.
func encode(head, body any) ([]byte, error) {
	line, err := json.Marshal(head)
	if err != nil {
		return nil, fmt.Errorf("encoding a line's head: %w", err)
	}
	members, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encoding a line: %w", err)
	}
	if body != nil && len(members) > len("{}") {
		line = append(line[:len(line)-1], ',')
		line = append(line, members[1:]...)
	}
	return append(line, '\n'), nil
}

func encodeRequest[Req, Rep any](op Op[Req, Rep], req Req) ([]byte, error) {
	if w, ok := any(req).(written); ok {
		line := `{"v":` + strconv.Itoa(versionOf(string(op))) + `,"op":` + quoted(string(op))
		return append(w.appendTo([]byte(line)), '}', '\n'), nil
	}
	return encode(RequestHead{V: versionOf(string(op)), Op: string(op)}, req)
}

// DecodeHead reads what all requests have of a client's line. Its error may be
// shown to the client.
func DecodeHead(line []byte) (Request, error) {
	var head Request
	err := json.Unmarshal(line, &head)
	foreign := head.V != version && head.V != 0
	if foreign && head.Op == string(OpQuit) {
		return Request{RequestHead: head.RequestHead}, nil
	}
	if foreign { // before the rest, which may have changed with it
		return Request{}, wrongVersion()
	}
	if err != nil || head.V != version || head.Op == "" {
		return Request{}, NoRequest()
	}
	return head, nil
}

// DecodeRequest reads the rest of a client's line. Its error may be shown to the
// client.
func DecodeRequest[Req any](line []byte) (req Req, err error) {
	if json.Unmarshal(line, &req) != nil {
		return req, NoRequest()
	}
	return req, nil
}

// decode reads those members of a line that to has.
func decode(line []byte, to any) error {
	if by, ok := to.(byMember); ok && json.Valid(line) {
		return readMembers(line, by)
	}
	return json.Unmarshal(line, to)
}

// reply is one line of an answer.
type reply[Rep any] struct {
	ReplyHead
	body Rep // none where there is an error, or nothing but "wait"
}

// decodeReply reads a line of the engine, in answer to op.
func decodeReply[Req, Rep any](op Op[Req, Rep], line []byte) (r reply[Rep], err error) {
	err = decode(line, &r.ReplyHead)
	anyVersion := string(op) == string(OpQuit)
	if r.V != version && r.V != 0 && !anyVersion {
		return r, wrongVersion()
	}
	ours := r.V == version || r.V != 0 && anyVersion
	if err == nil && ours && r.OK && r.Error == nil && !r.Wait && decode(line, &r.body) != nil {
		return r, wrongVersion() // a keyfob of another build, which means something else by this answer
	}
	if err != nil || !ours || r.OK == (r.Error != nil) {
		return r, noReply(err)
	}
	return r, nil
}
