package ssosettings

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"keyfob/app/config"
	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/provider"
	"keyfob/auth/weburl"
)

// webRedirect is where ThingWorx's own client sends the browser back to.
const webRedirect = "/oauth2_authorization_code_redirect"

// Entry is one server of the file as a tool.
type Entry struct {
	Result   form.ImportEntry  // what the person is told about it
	Settings []config.KeyValue // the tool's table; nil when no tool comes of it
	Secret   auth.Secret       // the client secret that belongs into the keychain, or none
}

// Entries turns the servers of a file into tools, beside those that have says
// are there already.
func (s *Settings) Entries(have *config.Settings) []Entry {
	ids, names := map[string]bool{}, map[string]bool{}
	for _, t := range have.Tools {
		names[strings.ToLower(t.Name)] = true
	}
	var all []Entry
	for i, server := range s.Servers {
		e := Entry{Result: form.ImportEntry{Name: server.ID, Line: server.Line, Tool: toolID(server.ID, i)}}
		if ids[e.Result.Tool] {
			e.Result.Tool = fmt.Sprintf("%.60s-%d", e.Result.Tool, i+1)
		}
		ids[e.Result.Tool] = true
		if file, ok := have.Administrators[e.Result.Tool]; ok {
			e.skip(form.Remark{Code: form.SkippedAdministrator, Value: file})
		} else if line, ok := have.Lines[e.Result.Tool]; ok {
			e.skip(form.Remark{Code: form.SkippedExists, Line: line})
		} else {
			e.fill(s, server, s.nameOf(server.ID, names))
		}
		all = append(all, e)
	}
	return all
}

func (e *Entry) skip(why form.Remark) { e.Result.Skipped = &why }
func (e *Entry) remark(r form.Remark) { e.Result.Remarks = append(e.Result.Remarks, r) }
func (e *Entry) add(key string, value any) {
	e.Settings = append(e.Settings, config.KeyValue{Key: key, Value: value})
}

// took notes that the value of a key was taken, for what, where the key does not
// tell.
func (e *Entry) took(key, value string) {
	e.Result.Taken = append(e.Result.Taken, form.Taken{Key: key, Value: value})
}

// fill decides what the entry's tool is.
func (e *Entry) fill(file *Settings, s Server, name string) {
	switch {
	case Placeholder(s.ClientID):
		e.skip(form.Remark{Code: form.SkippedUnfilled, Key: keyClientID})
		return
	case Placeholder(s.AuthorizeURI):
		e.skip(form.Remark{Code: form.SkippedUnfilled, Key: keyAuthorize})
		return
	}
	at, ok := provider.AtEndpoint(s.AuthorizeURI)
	if !ok {
		e.skip(form.Remark{Code: form.SkippedNoAddress, Key: keyAuthorize})
		return
	}
	e.Result.Title = name
	e.add("name", name)
	e.home(file)
	e.provider(at)
	e.add("client_id", s.ClientID)
	e.took(keyClientID, "")
	if at.Guessed {
		e.took(keyAuthorize, at.Host)
		e.remark(form.Remark{Code: form.RemarkGuessedIssuer, Value: at.Values["issuer"]})
	} else {
		e.took(keyAuthorize, at.Preset.Name)
	}
	if at.Old {
		e.remark(form.Remark{Code: form.RemarkOldMicrosoft})
	}
	e.tokenURI(s)
	e.clientAuth(s, at, file.Home)
	if len(s.MandatoryScopes) > 0 {
		if slices.ContainsFunc(s.MandatoryScopes, Placeholder) {
			e.remark(form.Remark{Code: form.RemarkUnfilledScopes})
		} else {
			e.add("mandatory_scopes", s.MandatoryScopes)
			e.took(keyScopes, "")
		}
	}
	if file.Retrigger != nil {
		if *file.Retrigger { // what keyfob does without it is the other one
			e.add("retrigger_on_scopes_removal", true)
		}
		e.took(keyRetrigger, "")
	}
	for _, key := range s.Unknown {
		e.remark(form.Remark{Code: form.RemarkUnknownKey, Key: key})
	}
}

// provider takes what the address of the sign-in page tells, in the order in which
// the preset asks for it.
func (e *Entry) provider(at provider.Endpoint) {
	e.add("provider", at.Preset.ID)
	for _, f := range at.Preset.Fields {
		if v := at.Values[f.Key]; v != "" {
			e.add(f.Key, v)
		}
	}
	if issuer := at.Values[form.KeyIssuer]; issuer != "" {
		e.add(form.KeyIssuer, issuer)
	}
}

// home takes ThingWorx's own address as the tool's home page.
func (e *Entry) home(file *Settings) {
	if file.Home == "" {
		return
	}
	if Placeholder(file.Home) {
		e.remark(form.Remark{Code: form.RemarkUnfilled, Key: keyHome, Line: file.HomeLine})
		return
	}
	if _, err := weburl.Secure(file.Home); err != nil {
		e.remark(form.Remark{Code: form.RemarkHomeRefused, Key: keyHome, Line: file.HomeLine, Err: auth.AsError(err)})
		return
	}
	e.add("home", file.Home)
	e.took(keyHome, "")
}

// tokenURI only says what the provider's metadata makes of it: taken as it is,
// it would go before that for ever.
func (e *Entry) tokenURI(s Server) {
	a, errA := url.Parse(s.AuthorizeURI)
	t, errT := url.Parse(s.TokenURI)
	switch {
	case s.TokenURI == "" || Placeholder(s.TokenURI):
	case errA != nil || errT != nil || a.Host != t.Host:
		e.remark(form.Remark{Code: form.RemarkTokenOtherHost})
	default:
		e.remark(form.Remark{Code: form.RemarkTokenNotNeeded})
	}
}

// clientAuth takes how ThingWorx proves to be its client.
func (e *Entry) clientAuth(s Server, at provider.Endpoint, home string) {
	how := s.ClientAuth
	switch {
	case how == string(auth.ClientAuthNone):
		e.add("client_auth", how)
		e.took(keyScheme, how)
		if s.HasSecret {
			e.remark(form.Remark{Code: form.RemarkSecretUnused})
		}
		return
	case how == string(auth.ClientAuthForm), how == string(auth.ClientAuthHeader):
		e.took(keyScheme, how)
	case how == string(auth.ClientAuthQuery):
		e.took(keyScheme, how)
		e.remark(form.Remark{Code: form.RemarkSecretInAddress})
	case Placeholder(how):
		how = string(auth.ClientAuthForm) // ThingWorx's own default
	default:
		how = string(auth.ClientAuthForm)
		e.remark(form.Remark{Code: form.RemarkUnknownScheme})
	}
	e.add("client_auth", how)
	e.remark(form.Remark{
		Code: form.RemarkWebClient, Value: strings.TrimSuffix(home, "/") + webRedirect, Redirects: redirects(at),
	})
	e.secret(s)
}

// secret decides about the secret of a client that needs one.
func (e *Entry) secret(s Server) {
	switch {
	case !s.HasSecret:
		e.remark(form.Remark{Code: form.RemarkNoSecret})
	case s.Secret == "":
		e.Result.Secret = form.SecretLeft
	case Placeholder(s.Secret.Reveal()):
		e.remark(form.Remark{Code: form.RemarkUnfilled, Key: keySecret})
	case strings.HasPrefix(strings.ToLower(s.Secret.Reveal()), "encrypt."):
		e.remark(form.Remark{Code: form.RemarkSecretReference})
	default:
		e.Secret = s.Secret
	}
}

// redirects are the redirect URIs that the tool will have.
func redirects(at provider.Endpoint) []string {
	in := provider.Input{Tool: auth.Tool{ClientID: "client"}, Values: map[string]string{}}
	for key, value := range at.Values {
		if key == form.KeyIssuer {
			in.Tool.Issuer = value
		} else {
			in.Values[key] = value
		}
	}
	tool, err := at.Preset.Resolve(in)
	if err != nil {
		return []string{config.DefaultRedirect}
	}
	return provider.RedirectURIs(tool)
}
