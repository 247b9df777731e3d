// Package ssosettings reads what ThingWorx knows of its authorization servers:
// sso-settings.json, or the same block in platform-settings.json. It reads the
// files as people write them, with the slips of the vendor's own sample, and
// names the line of each slip, and says what tool each server becomes
// ([Settings.Entries]). Members that it does not know are reported, not used.
//
// The files also hold passwords of keystores and databases. The package must
// never keep one of those beyond parsing, never put a value of the file into an
// error, and hand out a client secret only when it was asked for.
package ssosettings

import (
	"bytes"
	"slices"
	"strings"

	"keyfob/app/setup/form"
	"keyfob/auth"
)

// MaxFile bounds the file, in bytes.
const MaxFile = 1 << 20

// maxServers and maxIgnored bound what is made of a file that is no settings
// file; real ones have a few.
const (
	maxServers = 100
	maxIgnored = 50
)

// Settings is what a file says of signing in.
type Settings struct {
	Home      string // BasicSettings.clientBaseUrl
	HomeLine  int    // where it stands, from 1; 0 when it is not there
	Retrigger *bool  // BasicSettings.retriggerOnScopesRemoval; nil when it is not there or no truth value
	Servers   []Server
	Ignored   []string // sections that were passed over, by name
	Slips     []form.Slip
}

// Server is one entry of AuthorizationServersSettings, as it stands in the
// file. Missing values are empty.
type Server struct {
	ID              string
	Line            int // from 1
	ClientID        string
	AuthorizeURI    string
	TokenURI        string
	ClientAuth      string // clientAuthScheme
	MandatoryScopes []string
	HasSecret       bool        // a client secret stands in the file
	Secret          auth.Secret // it, if it was asked for
	Unknown         []string    // keys that mean nothing here
}

// blocks are the names of the block, which some of the vendor's pages write
// without its first plural.
var blocks = []string{"AuthorizationServersSettings", "AuthorizationServerSettings"}

// Keys of an entry.
const (
	keyClientID   = "clientId"
	keySecret     = "clientSecret"
	keyAuthorize  = "authorizeUri"
	keyToken      = "tokenUri"
	keyScheme     = "clientAuthScheme"
	keyScopes     = "mandatoryScopes"
	keyHome       = "clientBaseUrl"
	keyRetrigger  = "retriggerOnScopesRemoval"
	basicSettings = "BasicSettings"
)

// Read reads a file's bytes and then overwrites them, since they hold
// passwords. The client secrets are in the result only if withSecret is set.
// Errors are of KindUsage and name a line.
func Read(data []byte, withSecret bool) (*Settings, error) {
	defer clear(data)
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return nil, &auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeSSOSettings,
			Who:  auth.WhoYou,
			What: "the file is written in UTF-16",
			Do:   "save a copy as UTF-8 and import that",
		}
	}
	p := &parser{data: bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), want: func(path []string) bool { return wanted(path, withSecret) }}
	if err := p.file(); err != nil {
		return nil, err
	}
	s := &Settings{Slips: p.slips}
	for _, e := range p.nodes {
		s.take(e)
	}
	return s, nil
}

// wanted reports whether the value at path is one of those that are read.
func wanted(path []string, withSecret bool) bool {
	_, key, in := inBlock(path)
	if in {
		return slices.ContainsFunc([]string{keyClientID, keyAuthorize, keyToken, keyScheme, keyScopes}, is(key)) ||
			withSecret && strings.EqualFold(key, keySecret)
	}
	key, in = inBasic(path)
	return in && (strings.EqualFold(key, keyHome) || strings.EqualFold(key, keyRetrigger))
}

func is(key string) func(string) bool {
	return func(s string) bool { return strings.EqualFold(s, key) }
}

// inBlock splits a path inside of the block into the entry's name and the key
// in it, which is empty for the entry itself.
func inBlock(path []string) (server, key string, ok bool) {
	i := slices.IndexFunc(path, func(s string) bool { return slices.ContainsFunc(blocks, is(s)) })
	switch below := path[i+1:]; {
	case i < 0:
	case len(below) == 1:
		return below[0], "", true
	case len(below) == 2:
		return below[0], below[1], true
	}
	return "", "", false
}

// inBasic returns the key of a value in BasicSettings.
func inBasic(path []string) (key string, ok bool) {
	n := len(path)
	if n < 2 || !strings.EqualFold(path[n-2], basicSettings) {
		return "", false
	}
	return path[n-1], true
}

// take puts one value where it belongs.
func (s *Settings) take(e node) {
	if name, key, ok := inBlock(e.path); ok {
		if key == "" {
			if e.kind == kindObject && len(s.Servers) < maxServers {
				s.Servers = append(s.Servers, Server{ID: name, Line: e.line})
			}
			return
		}
		if n := len(s.Servers); n > 0 && s.Servers[n-1].ID == name {
			s.Servers[n-1].take(key, e)
		}
		return
	}
	if key, ok := inBasic(e.path); ok {
		switch {
		case e.kind == kindText && strings.EqualFold(key, keyHome):
			s.Home, s.HomeLine = e.text, e.line
		case strings.EqualFold(key, keyRetrigger) && (strings.EqualFold(e.text, "true") || strings.EqualFold(e.text, "false")):
			yes := strings.EqualFold(e.text, "true")
			s.Retrigger = &yes
		}
		return
	}
	if last := e.path[len(e.path)-1]; e.kind == kindObject && len(s.Ignored) < maxIgnored && strings.HasSuffix(last, "Settings") &&
		!strings.EqualFold(last, basicSettings) && !slices.ContainsFunc(blocks, is(last)) && !slices.Contains(s.Ignored, last) {
		s.Ignored = append(s.Ignored, last)
	}
}

func (s *Server) take(key string, e node) {
	text := strings.TrimSpace(e.text)
	switch {
	case strings.EqualFold(key, keyScopes):
		s.MandatoryScopes = append(s.MandatoryScopes, strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r <= ' ' })...)
	case e.kind != kindText:
		s.Unknown = append(s.Unknown, key)
	case strings.EqualFold(key, keyClientID):
		s.ClientID = text
	case strings.EqualFold(key, keySecret):
		s.HasSecret, s.Secret = true, auth.Secret(e.text)
	case strings.EqualFold(key, keyAuthorize):
		s.AuthorizeURI = text
	case strings.EqualFold(key, keyToken):
		s.TokenURI = text
	case strings.EqualFold(key, keyScheme):
		s.ClientAuth = strings.ToLower(text)
	default:
		s.Unknown = append(s.Unknown, key)
	}
}

// Placeholder reports whether a value is one that nobody has filled in: empty,
// in angle brackets, or the words of the vendor's sample.
func Placeholder(s string) bool {
	low := strings.ToLower(s)
	open := strings.IndexByte(s, '<')
	return s == "" || open >= 0 && strings.IndexByte(s[open:], '>') > 0 ||
		strings.Contains(s, "${") || strings.HasPrefix(low, "see information") || strings.HasPrefix(low, "see the table")
}
