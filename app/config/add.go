package config

import (
	"bytes"
	"context"
	"slices"

	"github.com/pelletier/go-toml/v2"

	"keyfob/auth"
	"keyfob/auth/provider"
)

// Add appends a table for the tool to the settings file at path, which is made
// when it is missing, and leaves every byte before it as it was. The tool is
// validated as if it had been written by hand; a file that cannot be loaded, a
// tool that cannot be used and an ID or name that is taken change nothing.
// Reminders are not a tool's own and are ignored.
//
// The new file replaces the old one in one step, so that a crash leaves one of
// the two. Programs that change the file at the same moment do so in turn.
func Add(ctx context.Context, path string, tool auth.Tool) error {
	return add(ctx, path, tool.ID, func() ([]byte, error) { return marshalTool(tool) })
}

// KeyValue is a key of a tool's table and its value: text, a list of texts or of
// numbers, a table of texts, or true or false.
type KeyValue struct {
	Key   string
	Value any
}

// AddTable is [Add] for a tool as its table would say it, so that whatever the
// file may say can be added, and nothing else.
func AddTable(ctx context.Context, path, id string, table []KeyValue) error {
	return add(ctx, path, id, func() ([]byte, error) { return marshalTable(id, table) })
}

// add appends the tool's table.
func add(ctx context.Context, path, id string, table func() ([]byte, error)) error {
	return edit(ctx, path, func(old []byte) ([]byte, error) { return withTool(path, old, id, table) })
}

// withTool returns old with the tool's table behind it.
func withTool(path string, old []byte, id string, table func() ([]byte, error)) ([]byte, error) {
	before, err := parse(path, old)
	if err != nil {
		return nil, err
	}
	if id == "" || !isBareKey(id) {
		return nil, &auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeSettings,
			What: "the tool ID " + auth.Quote(id) + " cannot be used",
			Do:   "use 1 to 64 of a-z, 0-9, _ and -",
		}
	}
	if slices.ContainsFunc(before.Tools, func(t auth.Tool) bool { return t.ID == id }) ||
		slices.ContainsFunc(before.Bad, func(b BadTool) bool { return b.ID == id }) {
		return nil, &auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeSettings,
			What: "there is a tool " + auth.Quote(id) + " already in " + path,
			Do:   "choose another ID, or edit the file",
		}
	}
	text, err := table()
	if err != nil {
		return nil, err
	}
	data := appendTable(old, "tools."+id, text)
	after, err := parse(path, data)
	if err != nil {
		return nil, cannotAdd(path, err)
	}
	for _, b := range after.Bad {
		if b.ID == id { // without a place, which is in no file yet
			return nil, &auth.Error{Kind: auth.KindUsage, Code: auth.CodeSettings, What: b.why.what, Do: b.why.do}
		}
	}
	return data, nil
}

// cannotAdd says that a file which can be read cannot be with one more table.
func cannotAdd(path string, err error) *auth.Error {
	return &auth.Error{
		Kind: auth.KindSetup, Code: auth.CodeSettings, Who: auth.WhoSetup, Err: err,
		What: "nothing can be added to " + path + " as it is written",
		Do:   "write its tools as tables with a line [tools.ID] each",
	}
}

// toolTable is a tool as it is written.
type toolTable struct {
	Name            string            `toml:"name"`
	Home            string            `toml:"home,omitempty"`
	API             string            `toml:"api,omitempty"`
	Provider        string            `toml:"provider"`
	Issuer          string            `toml:"issuer,omitempty"`
	ClientID        string            `toml:"client_id"`
	ClientAuth      string            `toml:"client_auth,omitempty"`
	Grant           string            `toml:"grant,omitempty"`
	Scopes          []string          `toml:"scopes,omitempty"`
	MandatoryScopes []string          `toml:"mandatory_scopes,omitempty"`
	Redirect        string            `toml:"redirect,omitempty"`
	Ports           []int             `toml:"ports,omitempty"`
	Audience        string            `toml:"audience,omitempty"`
	Trusted         []string          `toml:"trusted_audiences,omitempty"`
	Params          map[string]string `toml:"params,inline,omitempty"`
	CAFile          string            `toml:"ca_file,omitempty"`

	ExpectIssuer  string `toml:"expect_issuer,omitempty"`
	AuthorizeURI  string `toml:"authorize_uri,omitempty"`
	TokenURI      string `toml:"token_uri,omitempty"`
	JWKSURI       string `toml:"jwks_uri,omitempty"`
	EndSessionURI string `toml:"end_session_uri,omitempty"`
	RevocationURI string `toml:"revocation_uri,omitempty"`

	PostLogout   string `toml:"post_logout_redirect,omitempty"`
	Retrigger    bool   `toml:"retrigger_on_scopes_removal,omitempty"`
	SessionBound bool   `toml:"session_bound,omitempty"`

	SecretExpires any `toml:"client_secret_expires,omitempty"`
}

// expected returns what has to be written as expect_issuer: nothing where the
// preset expects the same for the issuer by itself.
func expected(t auth.Tool) string {
	preset, _ := provider.Find(t.Provider)
	plain, err := preset.Resolve(provider.Input{Tool: auth.Tool{Issuer: t.Issuer}})
	if len(t.ExpectIssuers) != 1 || err == nil && slices.Equal(plain.ExpectIssuers, t.ExpectIssuers) {
		return ""
	}
	return t.ExpectIssuers[0]
}

func marshalTool(t auth.Tool) ([]byte, error) {
	e := t.Endpoints
	var expires any
	if at := t.SecretExpires; !at.IsZero() {
		expires = toml.LocalDate{Year: at.Year(), Month: int(at.Month()), Day: at.Day()}
	}
	if t.TokenOnly() && (t.Issuer == e.Token || slices.Contains(t.ExpectIssuers, t.Issuer)) {
		t.Issuer = "" // nobody wrote it, and it is no issuer
	}
	if t.Grant == auth.GrantService {
		t.Redirect, t.Ports, t.PostLogout = "", nil, "" // no browser comes back
	}
	table, err := toml.Marshal(toolTable{
		Name: t.Name, Home: t.Home, API: t.API, Provider: t.Provider, Issuer: t.Issuer,
		ClientID: t.ClientID, ClientAuth: string(t.ClientAuth), Grant: string(t.Grant),
		Scopes: t.Scopes, MandatoryScopes: t.MandatoryScopes, Redirect: t.Redirect, Ports: t.Ports,
		Audience: t.Audience, Trusted: t.TrustedAudiences, Params: t.Params, CAFile: t.CAFile,
		ExpectIssuer: expected(t), AuthorizeURI: e.Authorize, TokenURI: e.Token, JWKSURI: e.JWKS,
		EndSessionURI: e.EndSession, RevocationURI: e.Revocation,
		PostLogout: t.PostLogout, Retrigger: t.RetriggerRemoved, SessionBound: t.WantsSessionBound, SecretExpires: expires,
	})
	if err != nil {
		return nil, unwritable(t.ID, err)
	}
	return table, nil
}

// marshalTable writes the keys in their order.
func marshalTable(id string, table []KeyValue) ([]byte, error) {
	var text []byte
	for _, kv := range table {
		var v any = map[string]any{kv.Key: kv.Value}
		if params, ok := kv.Value.(map[string]string); ok && kv.Key == "params" {
			v = struct {
				Params map[string]string `toml:"params,inline"`
			}{params}
		}
		line, err := toml.Marshal(v)
		if err != nil {
			return nil, unwritable(id, err)
		}
		text = append(text, line...)
	}
	return text, nil
}

func unwritable(id string, err error) error {
	return &auth.Error{
		Kind: auth.KindUsage,
		Code: auth.CodeSettings,
		What: "the tool " + auth.Quote(id) + " cannot be written as TOML",
		Err:  err,
	}
}

// appendTable returns old with a table of this name behind it.
func appendTable(old []byte, name string, table []byte) []byte {
	out := slices.Clone(old)
	if len(out) > 0 && !bytes.HasSuffix(out, []byte("\n")) {
		out = append(out, '\n')
	}
	if len(out) > 0 {
		out = append(out, '\n')
	}
	out = append(out, "["+name+"]\n"...)
	out = append(out, table...)
	if bytes.Contains(old, []byte("\r\n")) { // keep to the line ends of the file
		out = append(slices.Clone(old), bytes.ReplaceAll(out[len(old):], []byte("\n"), []byte("\r\n"))...)
	}
	return out
}

// Format writes a tool in the words of the settings.
func Format(t auth.Tool) (string, error) {
	table, err := marshalTool(t)
	if err != nil {
		return "", err
	}
	return string(appendTable(nil, "tools."+t.ID, table)), nil
}
