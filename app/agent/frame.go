package agent

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"keyfob/auth"
)

// errTooLong is a line beyond the bound.
var errTooLong = errors.New("line too long")

// readFrame reads one line of at most limit bytes, without its end. It holds
// no more than limit bytes and a buffer, whatever the other end sends. What does
// not fit into r's own buffer is kept in what longer returns, if there is such a
// function. A clean end before the first byte is io.EOF, one within a line
// io.ErrUnexpectedEOF.
func readFrame(r *bufio.Reader, limit int, longer func() []byte) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		n := len(line) + len(part)
		if err == nil {
			n-- // the line's end
		}
		if n > limit {
			return nil, errTooLong
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

// encode returns a line for v, with its end.
func encode(v any) ([]byte, error) {
	line, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encoding a line: %w", err)
	}
	return append(line, '\n'), nil
}

// decodeRequest reads a client's line. Its error may be shown to the client.
func decodeRequest(line []byte) (request, error) {
	var r request
	err := json.Unmarshal(line, &r)
	if r.V != version && r.V != 0 { // before the rest, which may have changed with it
		return request{}, wrongVersion()
	}
	if err != nil || r.V != version || r.Op == "" {
		return request{}, badRequest("this is not a request to keyfob")
	}
	return r, nil
}

// decodeReply reads a line of the engine.
func decodeReply(line []byte) (reply, error) {
	var r reply
	err := json.Unmarshal(line, &r)
	if r.V != version && r.V != 0 {
		return reply{}, wrongVersion()
	}
	if err != nil || r.V != version || r.OK == (r.Error != nil) {
		return reply{}, &auth.Error{
			Kind: auth.KindProtocol,
			Code: auth.CodeAgentReply,
			What: "what answers in keyfob's place is not keyfob, or is broken",
			Do:   "quit it and start it again",
			Who:  auth.WhoYou,
			Err:  err,
		}
	}
	return r, nil
}

func badRequest(what string) *auth.Error {
	return &auth.Error{Kind: auth.KindUsage, Code: auth.CodeAgentRequest, What: what}
}

func tooLong() *auth.Error {
	return &auth.Error{
		Kind: auth.KindUsage,
		Code: auth.CodeAgentRequest,
		What: "the request is longer than 64 KiB",
		Do:   "shorten what you entered",
		Who:  auth.WhoYou,
	}
}

func wrongVersion() *auth.Error {
	return &auth.Error{
		Kind: auth.KindSetup,
		Code: auth.CodeAgentVersion,
		What: "the keyfob that runs is of another version than this program",
		Do:   "quit it and start it again",
		Who:  auth.WhoYou,
	}
}
