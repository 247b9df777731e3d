package manage

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"strings"
	"unicode/utf16"

	"golang.org/x/term"

	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/setup"
	"keyfob/auth"
)

// Secret stores or deletes a tool's client secret. It is read from the input,
// never from an argument, which other programs of this machine can see.
func (t Tools) Secret(ctx context.Context, o cli.ToolsSecretOptions) error {
	s, err := config.LoadAll(t.Path, t.System)
	if err != nil {
		return err
	}
	if o.Remove {
		if err := t.Engine.DeleteSecret(ctx, o.Tool); err != nil {
			return err
		}
		return cli.Say(t.Env.Err, "the keychain holds no client secret of "+o.Tool+" now")
	}
	tool, err := setup.FindTool(s, o.Tool)
	if err != nil {
		return err
	}
	if !tool.ClientAuth.NeedsSecret() {
		return &auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeNoSecretNeeded,
			Who:  auth.WhoYou,
			What: tool.Name + " needs no client secret",
			Do:   `if its client has one, set client_auth = "form" or "header" first`,
		}
	}
	secret, err := readSecret(ctx, t.Env, "client secret of "+tool.Name+" (it is not shown): ")
	if err != nil {
		return err
	}
	if err := t.Engine.SaveSecret(ctx, tool, secret); err != nil {
		return err
	}
	return cli.Say(t.Env.Err, "stored the client secret of "+tool.Name+" in the keychain")
}

// readSecret reads a secret from the input: a line that a person types unseen,
// or all that a program sends, without the line end.
func readSecret(ctx context.Context, e cli.Env, prompt string) (auth.Secret, error) {
	source := func() (string, error) { return readLine(e.In) }
	if f, ok := e.In.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		fd := int(f.Fd())
		before, err := term.GetState(fd)
		if err != nil {
			return "", unreadable(err)
		}
		// A read that somebody interrupts leaves the terminal as it made it.
		defer func() { _ = term.Restore(fd, before) }()
		if _, err := io.WriteString(e.Err, prompt); err != nil {
			return "", err
		}
		defer func() { _ = cli.Say(e.Err, "") }()
		source = func() (string, error) { return readTyped(fd) }
	}
	type result struct {
		text string
		err  error
	}
	read := make(chan result, 1)
	go func() { // a read of a terminal knows no context
		text, err := source()
		read <- result{text, err}
	}()
	select {
	case <-ctx.Done():
		return "", &auth.Error{
			Kind: auth.KindCanceled,
			Code: auth.CodeCanceled,
			What: "no client secret was given",
			Who:  auth.WhoYou,
			Err:  ctx.Err(),
		}
	case r := <-read:
		if r.err != nil {
			return "", unreadable(r.err)
		}
		return setup.CheckSecret(r.text)
	}
}

func unreadable(err error) error {
	return &auth.Error{
		Kind: auth.KindFailed,
		Code: auth.CodeBadSecret,
		What: "the client secret could not be read",
		Do:   "try again",
		Who:  auth.WhoYou,
		Err:  err,
	}
}

// readTyped reads a line at a terminal, which shows nothing of it. The end of
// the input ends it too.
func readTyped(fd int) (string, error) {
	text, err := term.ReadPassword(fd)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return string(text), err
}

// readLine reads up to the first line end, which ends what a person types. What
// a program sends in UTF-16, as PowerShell and Windows editors do, is told by
// its byte-order mark.
func readLine(r io.Reader) (string, error) {
	var line []byte
	b := make([]byte, 1)
	for len(line) <= setup.MaxSecret {
		n, err := r.Read(b)
		if n > 0 {
			if b[0] == '\n' {
				break
			}
			line = append(line, b[0])
		}
		if order := utf16Order(line); order != nil {
			rest, err := io.ReadAll(io.LimitReader(r, 2*setup.MaxSecret+4))
			if err != nil {
				return "", err
			}
			return firstLine(fromUTF16(rest, order)), nil
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return "", err
		}
	}
	return firstLine(strings.TrimPrefix(string(line), "\ufeff")), nil
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return strings.TrimSuffix(s, "\r")
}

// utf16Order is the byte order that a byte-order mark of UTF-16 tells, or nil.
func utf16Order(mark []byte) binary.ByteOrder {
	switch string(mark) {
	case "\xff\xfe":
		return binary.LittleEndian
	case "\xfe\xff":
		return binary.BigEndian
	}
	return nil
}

func fromUTF16(b []byte, order binary.ByteOrder) string {
	units := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		units = append(units, order.Uint16(b))
	}
	s := string(utf16.Decode(units))
	if len(b) > 0 {
		s += "\ufffd" // half a character: no secret holds that
	}
	return s
}
