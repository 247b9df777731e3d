package provider

import (
	"maps"
	"slices"
	"strings"

	"keyfob/auth"
	"keyfob/auth/weburl"
)

// Input is a tool as a person wrote it.
type Input struct {
	Tool   auth.Tool         // what is empty is for the preset to fill in
	Values map[string]string // what the preset asks for, by Field.Key; an empty one counts as absent
}

// FieldError is a fault of one setting.
type FieldError struct {
	Key string // the word in the settings; empty for the tool as a whole
	Err *auth.Error
}

// Error implements error.
func (e *FieldError) Error() string { return e.Err.Error() }

// Unwrap returns the [*auth.Error].
func (e *FieldError) Unwrap() error { return e.Err }

// draft is a tool on its way through a preset. The first fault is kept and
// ends it.
type draft struct {
	Preset
	tool   auth.Tool
	values map[string]string
	err    *FieldError
}

func (d *draft) fail(key, what, do string) {
	if d.err == nil {
		d.err = &FieldError{
			Key: key,
			Err: &auth.Error{Kind: auth.KindSetup, Code: auth.CodeSettings, What: what, Do: do, Who: auth.WhoSetup},
		}
	}
}

// Resolve turns what a person gave into a tool that oidc can use. Every error
// is a [*FieldError] around an [*auth.Error] of [auth.KindSetup].
//
// An issuer in in.Tool goes before what the fields would make of it, and so do
// ExpectIssuers, Endpoints and whatever else is not empty.
func (p Preset) Resolve(in Input) (auth.Tool, error) {
	d := &draft{Preset: p, tool: in.Tool, values: map[string]string{}}
	for k, v := range in.Values {
		if v != "" {
			d.values[k] = v
		}
	}
	d.tool.Provider = p.ID
	d.known()
	d.issuer()
	d.defaults()
	if p.finish != nil && d.err == nil {
		p.finish(d)
	}
	d.scopes()
	if d.err != nil {
		return auth.Tool{}, d.err
	}
	return d.tool, nil
}

// known refuses values that the preset does not ask for: whoever wrote them
// meant another provider.
func (d *draft) known() {
	for _, key := range slices.Sorted(maps.Keys(d.values)) {
		if !slices.ContainsFunc(d.Fields, func(f Field) bool { return f.Key == key }) {
			d.fail(key, "the provider "+auth.Quote(d.ID)+" does not accept "+auth.Quote(key), d.takes())
		}
	}
}

// takes says what the preset asks for.
func (d *draft) takes() string {
	if len(d.Fields) == 0 {
		if d.Generic {
			return `give issuer = "https://…"`
		}
		return "remove it, the client_id is enough"
	}
	var words []string
	for _, f := range d.Fields {
		w := f.Key + " = " + auth.Quote(f.Example)
		if f.Optional {
			w += " (if there is one)"
		}
		words = append(words, w)
	}
	return "give " + join(words)
}

// issuer decides where discovery is asked and what the provider calls itself.
func (d *draft) issuer() {
	t := &d.tool
	switch {
	case d.err != nil:
		return
	case t.Issuer != "":
	case t.Grant == auth.GrantService && t.Endpoints.Token != "":
		// Nothing else of the provider is needed, and its tokens name no
		// issuer; the address tells one service from another.
		if t.Issuer = t.Endpoints.Token; len(t.ExpectIssuers) > 0 {
			t.Issuer = t.ExpectIssuers[0]
		}
		return
	case t.Endpoints.Whole():
		if len(t.ExpectIssuers) == 0 {
			d.fail(
				"authorize_uri",
				"addresses without discovery need expect_issuer, which the ID tokens must name",
				`add expect_issuer = "https://…"`,
			)
			return
		}
		t.Issuer = t.ExpectIssuers[0]
		return
	case t.Endpoints != auth.Endpoints{} && len(d.values) == 0 && d.Generic:
		d.fail(
			"",
			"addresses without discovery need all of authorize_uri, token_uri, jwks_uri and expect_issuer",
			"add what is missing, or an issuer to ask for it",
		)
		return
	default:
		var missing []string
		for _, f := range d.Fields {
			if !f.Optional && d.values[f.Key] == "" {
				missing = append(missing, f.Key)
			}
		}
		if len(missing) > 0 || d.derive == nil {
			d.fail("", "the provider "+auth.Quote(d.ID)+" needs "+joinOr(missing, "issuer"), d.takes())
			return
		}
		if d.derive(d); d.err != nil {
			return
		}
	}
	if _, err := weburl.Secure(t.Issuer); err != nil {
		e := auth.AsError(err)
		d.fail("issuer", e.What, e.Do)
		return
	}
	if len(t.ExpectIssuers) == 0 && d.expect != nil {
		d.expect(d)
	}
}

// defaults fills in what a person left to the preset.
func (d *draft) defaults() {
	t := &d.tool
	if t.ClientAuth == "" {
		if t.ClientAuth = d.ClientAuth; t.ClientAuth == "" {
			t.ClientAuth = auth.ClientAuthNone
		}
	}
	if t.Redirect == "" {
		if t.Redirect = d.Redirect; d.OwnPath {
			t.Redirect += "/" + redirectHost(receiver(*t))
		}
	}
	if t.Grant == auth.GrantService {
		return // nobody is sent anywhere
	}
	if len(t.Ports) == 0 && d.ExactPort {
		t.Ports = Ports()
	}
	if len(t.Scopes) == 0 {
		t.Scopes = d.Scopes
	}
	if len(d.Params) > 0 {
		params := maps.Clone(d.Params)
		maps.Copy(params, t.Params)
		t.Params = params
	}
	if len(d.Quirks) > 0 {
		t.Quirks = slices.Clone(d.Quirks)
	}
}

// scopes puts openid first, which makes it a sign-in at all, and adds the
// mandatory ones, since what is not asked for is never granted.
func (d *draft) scopes() {
	t := &d.tool
	asked := slices.Concat(t.Scopes, t.MandatoryScopes)
	if d.RefusesOffline && slices.Contains(asked, "offline_access") {
		key := "scopes"
		if !slices.Contains(t.Scopes, "offline_access") {
			key = "mandatory_scopes"
		}
		d.fail(key, d.Name+" refuses the scope offline_access", "remove it, a refresh token comes without it")
	}
	if t.Grant != auth.GrantService && !slices.Contains(asked, "openid") {
		asked = append([]string{"openid"}, asked...)
	}
	t.Scopes = nil
	for _, s := range asked {
		if !slices.Contains(t.Scopes, s) {
			t.Scopes = append(t.Scopes, s)
		}
	}
}

// join lists words as in a sentence.
func join(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

func joinOr(words []string, other string) string {
	if len(words) == 0 {
		return other
	}
	return join(words)
}
