package cli

import (
	"context"
	"io"
	"strings"
	"time"

	"keyfob/app/formats"
	"keyfob/auth"
	"keyfob/auth/session"
)

// TokenOptions are those of `keyfob token`.
type TokenOptions struct {
	Tool     string
	Format   TokenFormat
	IDToken  bool // the ID token in the place of the access token
	MinValid time.Duration
}

// TokenFormat is how `keyfob token` prints.
type TokenFormat string

// The formats.
const (
	Plain          TokenFormat = "plain"  // the token alone
	Header         TokenFormat = "header" // Authorization: Bearer … (RFC 6750 section 2.1)
	Curl           TokenFormat = "curl"   // a call of the tool's address
	EnvLine        TokenFormat = "env"    // a line for a shell
	JSON           TokenFormat = "json"
	ExecCredential TokenFormat = "exec-credential" // what a client of Kubernetes asks for
)

// defaultMinValid is how long a token must live at least to be worth handing
// out: enough for a script to make the call that it fetched the token for.
const defaultMinValid = 10 * time.Second

func tokenCommand() *Command {
	o := TokenOptions{Format: Plain, MinValid: defaultMinValid}
	format := func(f TokenFormat, help string) Flag {
		return Flag{Name: string(f), Group: "format", To: choice{&o.Format, f}, Help: help}
	}
	return &Command{
		Name: "token", Options: &o, NeedsSettings: always, Asks: true,
		Short: "print the access token",
		Args:  []Arg{{Name: "TOOL", What: "the name of a tool", To: &o.Tool}},
		Flags: []Flag{
			format(Header, "print it as Authorization header for an HTTP client"),
			format(Curl, "print it as curl command for the tool's api, or else its home"),
			format(EnvLine, "print it as shell variable: a line that sets KEYFOB_TOKEN"),
			format(JSON, "print the token with its expiry, scopes and account"),
			format(ExecCredential, "print what kubectl takes from a credential plugin, in the\nversion that it asks for"),
			{Name: "id-token", To: &o.IDToken, Help: "print the ID token instead, alone or with --exec-credential"},
			{Name: "min-valid", Value: "10s", To: &o.MinValid, Help: "renew a token that is valid for less than this"},
		},
		Long: `Prints the access token alone, renewed first where that is needed and possible.
Never opens a browser: exit code 3 says that you have to sign in.`,
		Examples: []Example{
			{"keyfob token plant4", "prints the access token, renewed first where needed; never opens a browser"},
			{"keyfob token plant4 --header", "prints `Authorization: Bearer …`"},
			{"keyfob token plant4 --curl", "prints a curl command that calls the tool's `api`, or else its `home`"},
			{"keyfob token plant4 --env", "prints a shell variable: a line that sets `KEYFOB_TOKEN`"},
			{"keyfob token plant4 --json", "prints the token with its expiry, scopes and account"},
			{"keyfob token plant4 --id-token", "prints the ID token"},
			{
				"keyfob token plant4 --exec-credential",
				"prints what kubectl takes from a credential plugin, in the version that it asks for, also with `--id-token`",
			},
		},
		Check: func() error {
			if o.IDToken && o.Format != Plain && o.Format != ExecCredential {
				return usageError("--id-token goes with --exec-credential alone, not with --" + string(o.Format))
			}
			return nil
		},
		Run: func(ctx context.Context, p Program, e Env) error {
			engine, err := p.Engine()
			if err != nil {
				return err
			}
			err = token(ctx, o, engine, e)
			explain(ctx, e, engine, o.Tool, err)
			return err
		},
	}
}

func token(ctx context.Context, o TokenOptions, engine Engine, e Env) error {
	version, err := formats.ExecVersion(e.ExecInfo)
	if err != nil && o.Format == ExecCredential {
		return err
	}
	t, err := engine.Token(ctx, o.Tool, session.TokenOptions{MinValid: o.MinValid, Waits: e.waits})
	if err != nil {
		return err
	}
	text, err := o.text(t.Tokens, t.Address, version, e.Now())
	if err != nil {
		return err
	}
	return reveal(e.Out, text)
}

// text is what `keyfob token` prints, without the last line end.
func (o TokenOptions) text(t auth.Tokens, address, version string, now time.Time) (auth.Secret, error) {
	secret, end := t.Access, t.Expiry
	if o.IDToken {
		var err error
		if secret, end, err = o.idToken(t, now); err != nil {
			return "", err
		}
	}
	switch o.Format {
	case Header, Curl, EnvLine:
		return formats.Text(formats.Format(o.Format), address, t) // the same words
	case JSON:
		return asJSON(o.Tool, t)
	case ExecCredential:
		return formats.ExecCredential(version, secret, end)
	}
	return secret, nil
}

// idToken returns the ID token with its end. The provider issues one with each
// sign-in and, if it likes, with a refresh; one that has ended is of no use to
// anybody.
func (o TokenOptions) idToken(t auth.Tokens, now time.Time) (auth.Secret, time.Time, error) {
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
	if end.Sub(now.Round(0)) <= o.MinValid {
		return "", time.Time{}, &auth.Error{
			Kind: auth.KindSignIn, Code: auth.CodeIDTokenEnded, Who: auth.WhoYou,
			What: "the provider has issued no ID token for " + o.Tool + " since the one that ended or is about to",
			Do:   "run `keyfob login " + o.Tool + "` for a new one",
		}
	}
	return id, end, nil
}

// asJSON is the access token for a program.
func asJSON(tool string, t auth.Tokens) (auth.Secret, error) {
	var b strings.Builder
	err := PrintJSON(&b, tokenJSON{tool, t.Access.Reveal(), t.Type, at(t.Expiry), t.Scopes, t.Account.Label()})
	return auth.Secret(strings.TrimSuffix(b.String(), "\n")), err
}

// reveal writes a secret for whoever asked for it. This is the one place where
// the command line does so.
func reveal(w io.Writer, text auth.Secret) error { return write(w, text.Reveal()+"\n") }
