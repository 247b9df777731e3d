package cli

import (
	"context"
	"flag"
	"io"
	"strings"
	"time"

	"keyfob/app/formats"
	"keyfob/auth"
)

// TokenFormat is how `keyfob token` prints.
type TokenFormat string

// The formats.
const (
	Plain          TokenFormat = "plain"  // the token alone
	Header         TokenFormat = "header" // Authorization: Bearer … (RFC 6750 section 2.1)
	Curl           TokenFormat = "curl"   // a call of the tool's address
	Env            TokenFormat = "env"    // a line for a shell
	JSON           TokenFormat = "json"
	ExecCredential TokenFormat = "exec-credential" // what a client of Kubernetes asks for
)

// tokenFlags defines the flags of the formats, and returns which one is asked
// for.
func tokenFlags(fs *flag.FlagSet, idToken *bool) func() (TokenFormat, error) {
	all := []TokenFormat{Header, Curl, Env, JSON, ExecCredential}
	asked := map[TokenFormat]*bool{}
	for _, f := range all {
		asked[f] = fs.Bool(string(f), false, "")
	}
	fs.BoolVar(idToken, "id-token", false, "")
	return func() (TokenFormat, error) {
		one := Plain
		for _, f := range all {
			switch {
			case !*asked[f]:
			case one != Plain:
				return "", usage("--" + string(one) + " and --" + string(f) + " exclude each other")
			default:
				one = f
			}
		}
		if *idToken && one != Plain && one != ExecCredential {
			return "", usage("--id-token goes with --exec-credential alone, not with --" + string(one))
		}
		return one, nil
	}
}

// token runs `keyfob token`.
func token(ctx context.Context, c Command, e Engine, w IO) error {
	version, err := formats.ExecVersion(w.ExecInfo)
	if err != nil && c.Token.Format == ExecCredential {
		return err
	}
	t, err := e.Token(ctx, c.Tool, c.Token.MinValid)
	if err != nil {
		return err
	}
	address := ""
	if c.Token.Format == Curl { // the one that costs a second question
		all, err := e.Status(ctx)
		if err != nil {
			return err
		}
		s, err := find(all, c.Tool)
		if err != nil {
			return err
		}
		address = s.Address()
	}
	text, err := tokenText(c, t, address, version, w.Now())
	if err != nil {
		return err
	}
	return reveal(w.Out, text)
}

// tokenText is what `keyfob token` prints, without the last line end.
func tokenText(c Command, t auth.Tokens, address, version string, now time.Time) (auth.Secret, error) {
	secret, end := t.Access, t.Expiry
	if c.Token.IDToken {
		var err error
		if secret, end, err = idToken(c, t, now); err != nil {
			return "", err
		}
	}
	switch c.Token.Format {
	case Header, Curl, Env:
		return formats.Text(formats.Format(c.Token.Format), address, t) // the same words
	case JSON:
		return asJSON(c.Tool, t)
	case ExecCredential:
		return formats.ExecCredential(version, secret, end)
	}
	return secret, nil
}

// idToken returns the ID token with its end. The provider issues one with each
// sign-in and, if it likes, with a refresh; one that has ended is of no use to
// anybody.
func idToken(c Command, t auth.Tokens, now time.Time) (auth.Secret, time.Time, error) {
	id, err := formats.Text(formats.IDToken, "", t)
	if err != nil {
		return "", time.Time{}, err
	}
	claims, err := auth.Claims(id)
	if err != nil {
		return "", time.Time{}, err
	}
	exp, _ := claims["exp"].(float64)
	end := time.Unix(int64(exp), 0)
	if end.Sub(now.Round(0)) <= c.Token.MinValid {
		return "", time.Time{}, &auth.Error{
			Kind: auth.KindSignIn, Code: auth.CodeIDTokenEnded, Who: auth.WhoYou,
			What: "the provider has issued no ID token for " + c.Tool + " since the one that ended or is about to",
			Do:   "run `keyfob login " + c.Tool + "` for a new one",
		}
	}
	return id, end, nil
}

// asJSON is the access token for a program.
func asJSON(tool string, t auth.Tokens) (auth.Secret, error) {
	var b strings.Builder
	err := printJSON(&b, tokenJSON{tool, t.Access.Reveal(), t.Type, at(t.Expiry), t.Scopes, t.Account.Label()})
	return auth.Secret(strings.TrimSuffix(b.String(), "\n")), err
}

// reveal writes a secret for whoever asked for it. This is the one place where
// the command line does so.
func reveal(w io.Writer, text auth.Secret) error { return write(w, text.Reveal()+"\n") }
