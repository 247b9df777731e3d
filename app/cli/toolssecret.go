package cli

import (
	"context"
	"encoding/binary"
	"io"
	"os"
	"strings"
	"unicode/utf16"

	"keyfob/app/config"
	"keyfob/app/setup"
	"keyfob/auth"
)

// toolSecret stores or deletes a tool's client secret. It is read from the
// input, never from an argument, which other programs of this machine can see.
func toolSecret(ctx context.Context, s *config.Settings, c Command, k Keeper, w IO) error {
	if c.Tools.Remove {
		if err := k.DeleteSecret(ctx, c.Tool); err != nil {
			return err
		}
		return Say(w.Err, "the keychain holds no client secret of "+c.Tool+" now")
	}
	tool, err := setup.FindTool(s, c.Tool)
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
	secret, err := readSecret(ctx, w, "client secret of "+tool.Name+" (it is not shown): ")
	if err != nil {
		return err
	}
	if err := k.SaveSecret(ctx, tool, secret); err != nil {
		return err
	}
	return Say(w.Err, "stored the client secret of "+tool.Name+" in the keychain")
}

// readSecret reads a secret from the input: a line that a person types unseen,
// or all that a program sends, without the line end.
func readSecret(ctx context.Context, w IO, prompt string) (auth.Secret, error) {
	if f, ok := w.In.(*os.File); ok {
		if restore, err := hideInput(f); err == nil {
			defer restore()
			if _, err := io.WriteString(w.Err, prompt); err != nil {
				return "", err
			}
			defer func() { _ = Say(w.Err, "") }()
		}
	}
	type result struct {
		text string
		err  error
	}
	read := make(chan result, 1)
	go func() { // a read of a terminal knows no context
		text, err := readLine(w.In)
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
			return "", &auth.Error{
				Kind: auth.KindFailed,
				Code: auth.CodeBadSecret,
				What: "the client secret could not be read",
				Do:   "try again",
				Who:  auth.WhoYou,
				Err:  r.err,
			}
		}
		return setup.CheckSecret(r.text)
	}
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
