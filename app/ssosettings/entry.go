package ssosettings

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"keyfob/app/config"
	"keyfob/auth"
	"keyfob/auth/provider"
)

// webRedirect is where ThingWorx's own client sends the browser back to.
const webRedirect = "/oauth2_authorization_code_redirect"

// Entry is what becomes of one server of the file.
type Entry struct {
	Server
	Tool     string           // the ID of the tool
	Settings []config.Setting // its table; nil when the entry is left where it is
	Why      string           // why it is left, a clause
	Taken    []string         // what was taken, a phrase each
	Left     []string         // what was left and why, a sentence each
	Warnings []string         // what was taken and is less safe than it could be, a sentence each
	Keep     auth.Secret      // the secret that belongs into the keychain, or none
	NotRead  bool             // there is a secret, and it was not asked for
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
		e := Entry{Server: server, Tool: toolID(server.ID, i)}
		if ids[e.Tool] {
			e.Tool = fmt.Sprintf("%.60s-%d", e.Tool, i+1)
		}
		ids[e.Tool] = true
		if file, ok := have.Administrators[e.Tool]; ok {
			e.Why = fmt.Sprintf("an administrator has set up a tool %s in %s already", e.Tool, file)
		} else if line, ok := have.Lines[e.Tool]; ok {
			e.Why = fmt.Sprintf("there is a tool %s on line %d of the settings already, and nothing is overwritten", e.Tool, line)
		} else {
			e.fill(s, s.nameOf(e, names))
		}
		all = append(all, e)
	}
	return all
}

// fill decides what the entry's tool is.
func (e *Entry) fill(s *Settings, name string) {
	switch {
	case Placeholder(e.ClientID):
		e.Why = "its clientId is a placeholder that nobody has filled in"
		return
	case Placeholder(e.AuthorizeURI):
		e.Why = "its authorizeUri is a placeholder that nobody has filled in"
		return
	}
	place, ok := PlaceOf(e.AuthorizeURI)
	if !ok {
		e.Why = "its authorizeUri is no address"
		return
	}
	add := func(key string, value any) { e.Settings = append(e.Settings, config.Setting{Key: key, Value: value}) }
	add("name", name)
	e.home(s, add)
	e.Settings = append(e.Settings, place.Settings...)
	add("client_id", e.ClientID)
	e.Taken = append(e.Taken, "clientId", "authorizeUri ("+place.Name+")")
	if place.Guessed {
		e.Left = append(
			e.Left,
			"authorizeUri follows no pattern that keyfob knows, so the issuer "+auth.Quote(
				fmt.Sprint(place.Settings[1].Value),
			)+" is a guess: see what `keyfob check "+e.Tool+"` says.",
		)
	}
	for _, n := range place.Notes {
		e.Left = append(e.Left, n+".")
	}
	e.tokenURI()
	e.clientAuth(place, s.Home, add)
	if len(e.MandatoryScopes) > 0 {
		if slices.ContainsFunc(e.MandatoryScopes, Placeholder) {
			e.Left = append(e.Left, "mandatoryScopes holds placeholders that nobody has filled in.")
		} else {
			add("mandatory_scopes", e.MandatoryScopes)
			e.Taken = append(e.Taken, "mandatoryScopes")
		}
	}
	if s.Retrigger != nil {
		if *s.Retrigger { // what keyfob does without it is the other one
			add("retrigger_on_scopes_removal", true)
		}
		e.Taken = append(e.Taken, keyRetrigger)
	}
	for _, key := range e.Unknown {
		e.Left = append(e.Left, auth.Quote(key)+" means nothing to keyfob.")
	}
}

// home takes ThingWorx's own address as the tool's home page.
func (e *Entry) home(s *Settings, add func(string, any)) {
	if s.Home == "" {
		return
	}
	where := fmt.Sprintf("%s (line %d)", keyHome, s.HomeLine)
	if Placeholder(s.Home) {
		e.Left = append(e.Left, where+" is a placeholder that nobody has filled in.")
		return
	}
	if _, err := auth.SecureURL(s.Home); err != nil {
		e.Left = append(e.Left, where+" was not taken as the home page: "+auth.AsError(err).What+".")
		return
	}
	add("home", s.Home)
	e.Taken = append(e.Taken, keyHome)
}

// tokenURI only says what the provider's metadata makes of it: taken as it is,
// it would go before that for ever.
func (e *Entry) tokenURI() {
	a, errA := url.Parse(e.AuthorizeURI)
	t, errT := url.Parse(e.TokenURI)
	switch {
	case e.TokenURI == "" || Placeholder(e.TokenURI):
	case errA != nil || errT != nil || a.Host != t.Host:
		e.Left = append(e.Left, "tokenUri lies on another host than authorizeUri; the provider's metadata says which is right.")
	default:
		e.Left = append(e.Left, "tokenUri is not needed, the provider's metadata names it.")
	}
}

// clientAuth takes how ThingWorx proves to be its client, and decides about the
// secret.
func (e *Entry) clientAuth(place Place, home string, add func(string, any)) {
	how := e.ClientAuth
	switch {
	case how == string(auth.ClientAuthNone):
		add("client_auth", how)
		e.Taken = append(e.Taken, keyScheme+" none")
		if e.HasSecret {
			e.Left = append(e.Left, "clientSecret is not used by a client without authentication.")
		}
		return
	case how == string(auth.ClientAuthForm), how == string(auth.ClientAuthHeader):
		e.Taken = append(e.Taken, keyScheme+" "+how)
	case how == string(auth.ClientAuthQuery):
		e.Taken = append(e.Taken, keyScheme+" "+how)
		e.Warnings = append(
			e.Warnings,
			`clientAuthScheme query sends the secret inside of addresses, which proxies and servers keep in their logs: set client_auth to "header" or "form" unless this provider takes nothing else.`,
		)
	case Placeholder(how):
		how = string(auth.ClientAuthForm) // ThingWorx's own default
	default:
		how = string(auth.ClientAuthForm)
		e.Left = append(e.Left, "clientAuthScheme is none of form, header, query and none, so the tool uses form.")
	}
	add("client_auth", how)
	e.Left = append(
		e.Left,
		"this is ThingWorx's own web client, whose redirect is "+strings.TrimSuffix(
			home,
			"/",
		)+webRedirect+": register a native client for keyfob, put its client_id into the settings and set client_auth = \"none\"; or have the redirect "+place.redirect()+" added to this one.",
	)
	switch {
	case !e.HasSecret:
		e.Left = append(
			e.Left,
			"there is no clientSecret in the file: `keyfob tools secret "+e.Tool+"` stores it, if this client is to be used.",
		)
	case e.Secret == "":
		e.NotRead = true
	case Placeholder(e.Secret.Reveal()):
		e.Left = append(e.Left, "clientSecret is a placeholder that nobody has filled in.")
	case strings.HasPrefix(strings.ToLower(e.Secret.Reveal()), "encrypt."):
		e.Left = append(
			e.Left,
			"clientSecret is a reference into ThingWorx's keystore, not the secret: `keyfob tools secret "+e.Tool+"` stores the real one.",
		)
	default:
		e.Keep = e.Secret
	}
	e.Secret = ""
}

// redirect is the redirect URI that the tool will have.
func (p Place) redirect() string {
	in := provider.Input{Tool: auth.Tool{ClientID: "client"}, Values: map[string]string{}}
	preset, _ := provider.Find("oidc")
	for _, s := range p.Settings {
		switch v := fmt.Sprint(s.Value); s.Key {
		case "provider":
			preset, _ = provider.Find(v)
		case "issuer":
			in.Tool.Issuer = v
		default:
			in.Values[s.Key] = v
		}
	}
	tool, err := preset.Resolve(in)
	if err != nil {
		return config.DefaultRedirect
	}
	return strings.Join(provider.RedirectURIs(tool), " and ")
}

// nameOf is the entry's name for people, of which each tool has its own.
func (s *Settings) nameOf(e Entry, taken map[string]bool) string {
	name := "ThingWorx"
	if u, err := url.Parse(s.Home); err == nil && u.Hostname() != "" && !Placeholder(s.Home) {
		name += " " + u.Hostname()
	}
	if own := clean(e.ID); len(s.Servers) > 1 && own != "" || taken[strings.ToLower(name)] {
		name += " (" + own + ")"
	}
	for n, plain := 2, name; taken[strings.ToLower(name)]; n++ {
		name = fmt.Sprintf("%s %d", plain, n)
	}
	taken[strings.ToLower(name)] = true
	return name
}

// clean leaves of a name what can stand in one line.
func clean(s string) string {
	s = strings.Join(strings.Fields(strings.NewReplacer("<", " ", ">", " ").Replace(auth.Clean(s))), " ")
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "")
	}
	return s
}

// toolID makes the ID of a tool out of the entry's name.
func toolID(name string, i int) string {
	id := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_':
			return r
		}
		return '-'
	}, strings.ToLower(name))
	for strings.Contains(id, "--") {
		id = strings.ReplaceAll(id, "--", "-")
	}
	if id = strings.Trim(id[:min(len(id), 60)], "-"); id == "" {
		id = fmt.Sprintf("thingworx%d", i+1)
	}
	return id
}
