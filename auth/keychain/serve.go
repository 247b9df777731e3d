package keychain

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"keyfob/auth"
)

// Operations that a question asks for.
const (
	opLoad   = "load"
	opSave   = "save"
	opDelete = "delete"
)

// question goes to the child's standard input, one for its whole life.
type question struct {
	Op      string          `json:"op"`
	Service string          `json:"service"`
	Tool    string          `json:"tool"`
	Tokens  json.RawMessage `json:"tokens,omitempty"` // a record
	Within  time.Duration   `json:"within"`           // nanoseconds; so a child without a parent ends too
}

// answer comes from its standard output.
type answer struct {
	OK      bool            `json:"ok"`
	Missing bool            `json:"missing,omitempty"` // ErrNotFound
	Tokens  json.RawMessage `json:"tokens,omitempty"`  // a record
	Error   *auth.Error     `json:"error,omitempty"`
}

// ServeChild is the other side of [Child]: it reads one question from stdin,
// puts it to a [Direct], and writes the answer to stdout. What goes wrong with
// the keychain is part of the answer; the error is for a question that cannot
// be read and an answer that cannot be written. The process should end after
// it, also because a call that hangs may be left behind.
func ServeChild(ctx context.Context, stdin io.Reader, stdout io.Writer) error {
	return serve(ctx, stdin, stdout, func(service string) Store { return NewDirect(service) })
}

func serve(ctx context.Context, stdin io.Reader, stdout io.Writer, open func(service string) Store) error {
	b, err := io.ReadAll(io.LimitReader(stdin, maxMessage+1))
	if err != nil {
		return failed("the question to the keychain helper could not be read", err)
	}
	var q question
	if len(b) > maxMessage || json.Unmarshal(b, &q) != nil || q.Service == "" || q.Within <= 0 {
		return &auth.Error{Kind: auth.KindUsage, Code: "bad_question", What: "the keychain helper was asked nothing that makes sense", Do: "it is for keyfob's own use"}
	}
	ctx, cancel := context.WithTimeout(ctx, q.Within)
	defer cancel()
	out, err := json.Marshal(reply(ctx, open(q.Service), q))
	if err != nil {
		return failed("the answer of the keychain helper could not be written", err)
	}
	if _, err := stdout.Write(out); err != nil {
		return failed("the answer of the keychain helper could not be written", err)
	}
	return nil
}

func reply(ctx context.Context, s Store, q question) answer {
	var t auth.Tokens
	var b []byte
	var err error
	switch q.Op {
	case opLoad:
		if t, err = s.Load(ctx, q.Tool); err == nil {
			b, err = encode(t)
		}
	case opSave:
		if t, err = decode(q.Tokens); err == nil {
			err = s.Save(ctx, q.Tool, t)
		}
	case opDelete:
		err = s.Delete(ctx, q.Tool)
	default:
		err = &auth.Error{Kind: auth.KindUsage, Code: "bad_question", What: "the keychain helper does not know what was asked"}
	}
	switch {
	case errors.Is(err, ErrNotFound):
		return answer{Missing: true}
	case err != nil:
		return answer{Error: auth.AsError(err)}
	}
	return answer{OK: true, Tokens: b}
}
