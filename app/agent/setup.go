package agent

import (
	"context"
	"strconv"
	"strings"
	"time"

	"keyfob/auth"
)

// Setup is what a person sets up in the window: tools, and how Keyfob itself
// behaves. The engine does all of it, since the window touches no file.
type Setup interface {
	Presets(ctx context.Context) ([]Preset, error)
	Recognise(ctx context.Context, address string) (Draft, error)
	Check(ctx context.Context, d Draft) (Judged, error)
	Add(ctx context.Context, d Draft) (Judged, error)
	Import(ctx context.Context, i Import) (Imported, error)
	Preferences(ctx context.Context) (Preferences, error)
	Change(ctx context.Context, c Change) (Preferences, error)
}

// Preset is a provider as somebody who adds a tool meets it.
type Preset struct {
	ID        string        `json:"id"`
	Name      string        `json:"name"`
	Known     string        `json:"known,omitempty"` // how people recognise it
	Fields    []PresetField `json:"fields"`          // everything that may be given, in the order of asking
	Redirects []string      `json:"redirects"`       // what to register as redirect URIs, each; none where nothing is registered. HOST at the end is the provider's host
	Notes     []string      `json:"notes"`           // what to know when the client is registered, a sentence each
}

// PresetField is something that a person gives. Its key is the word in the
// settings.
type PresetField struct {
	Key      string `json:"key"`
	Label    string `json:"label"`
	Example  string `json:"example,omitempty"`
	Help     string `json:"help,omitempty"` // a clause
	Value    string `json:"value,omitempty"`
	Optional bool   `json:"optional,omitempty"`
	Secret   bool   `json:"secret,omitempty"` // goes into the keychain, not into the settings
	Host     string `json:"host,omitempty"`   // how the provider's host is made of it, % for what is given
}

// RedirectHost is the provider's host, as far as values tell it, in the form that
// a redirect URI has it. Whether there can be such a host is not looked at.
func (p Preset) RedirectHost(values map[string]string) (host string) {
	for _, f := range p.Fields {
		v := strings.ToLower(strings.TrimSpace(values[f.Key]))
		if f.Host == "" || v == "" {
			continue
		}
		if _, rest, ok := strings.Cut(v, "://"); ok {
			v = rest
		}
		v, _, _ = strings.Cut(v, "/")
		host = strings.ReplaceAll(strings.ReplaceAll(f.Host, "%", v), ":", "_")
	}
	return host
}

// RedirectsFor are the redirect URIs with the host in its place.
func (p Preset) RedirectsFor(values map[string]string) (all []string) {
	host := p.RedirectHost(values)
	for _, r := range p.Redirects {
		if open, ok := strings.CutSuffix(r, "/HOST"); ok && host != "" {
			r = open + "/" + host
		}
		all = append(all, r)
	}
	return all
}

// Keys of a draft that are no preset's own.
const (
	DraftName     = "name"
	DraftHome     = "home"
	DraftIssuer   = "issuer"
	DraftClientID = "client_id"
	DraftScopes   = "scopes"
	DraftAudience = "audience"
	DraftSecret   = "client_secret"
)

// Draft is a tool that somebody is about to add, as it was typed.
type Draft struct {
	Provider string            `json:"provider"`
	Values   map[string]string `json:"values"` // by the key of the field
}

// ToolID makes the ID of a tool out of its name: one that the settings take,
// and that is not taken.
func ToolID(name string, taken func(id string) bool) string {
	const longest = 40
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch plain := latin[r]; {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case plain != "":
			b.WriteString(plain)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	id := b.String()
	id = strings.Trim(id[:min(len(id), longest)], "-")
	if id == "" {
		id = "tool"
	}
	free := id
	for n := 2; taken(free); n++ {
		free = id + "-" + strconv.Itoa(n)
	}
	return free
}

// latin spells letters beyond ASCII that names hold often.
var latin = map[rune]string{
	'ä': "ae", 'ö': "oe", 'ü': "ue", 'ß': "ss", 'à': "a", 'á': "a", 'â': "a", 'å': "a", 'ç': "c", 'è': "e", 'é': "e", 'ê': "e", 'ë': "e",
	'í': "i", 'î': "i", 'ï': "i", 'ñ': "n", 'ó': "o", 'ô': "o", 'ø': "o", 'ú': "u", 'û': "u", 'æ': "ae", 'ł': "l", 'š': "s", 'ž': "z", 'č': "c",
}

// Judged is what the engine says of a draft.
type Judged struct {
	ID     string  `json:"id"`               // of the tool
	Faults []Fault `json:"faults,omitempty"` // what cannot be used; nothing was asked and nothing added then

	// How the provider fits, where it was asked.
	Verdict string   `json:"verdict,omitempty"` // "compatible", "degraded" or "incompatible"
	Because []string `json:"because,omitempty"` // clauses
	Rows    []Row    `json:"rows,omitempty"`
}

// Fault is what is wrong with a field of a draft.
type Fault struct {
	Key  string `json:"key"`  // empty for the draft as a whole
	Text string `json:"text"` // a sentence
}

// Row is one requirement that a provider was held against.
type Row struct {
	Name   string `json:"name"`
	Need   string `json:"need"`   // "required", "recommended" or "noted"
	Result string `json:"result"` // "ok", "failed" or "unknown"
	Text   string `json:"text"`   // a clause
}

// Import asks for the tools of ThingWorx's settings.
type Import struct {
	Path       string `json:"path"`
	Take       bool   `json:"take,omitempty"`        // add them; without it the answer says what would be added
	WithSecret bool   `json:"with_secret,omitempty"` // put client secrets into the keychain
}

// Imported is what became of a file of ThingWorx's settings, or would become:
// the one result for the command line and the window.
type Imported struct {
	File    string          `json:"file"` // its path
	Entries []ImportedEntry `json:"entries"`
	Slips   []Slip          `json:"slips,omitempty"`   // mistakes that were corrected
	Ignored []string        `json:"ignored,omitempty"` // sections that were passed over
	Secrets int             `json:"secrets,omitempty"` // how many client secrets stand in it that could be taken
}

// Added counts the tools that the file gives.
func (i Imported) Added() (n int) {
	for _, e := range i.Entries {
		if e.Tool != "" {
			n++
		}
	}
	return n
}

// Slip is a mistake in a file.
type Slip struct {
	Line int    `json:"line"` // from 1
	What string `json:"what"` // a clause
}

// ImportedEntry is what becomes of one server in the file.
type ImportedEntry struct {
	Name     string   `json:"name"`               // in the file
	Line     int      `json:"line"`               // from 1
	Tool     string   `json:"tool,omitempty"`     // the ID of the tool that it becomes; empty when it is left
	Title    string   `json:"title,omitempty"`    // the tool's name
	Why      string   `json:"why,omitempty"`      // why it is left, a clause
	Taken    []string `json:"taken,omitempty"`    // phrases
	Left     []string `json:"left,omitempty"`     // sentences
	Warnings []string `json:"warnings,omitempty"` // what was taken and is less safe than it could be, sentences

	Secret      ImportedSecret `json:"secret,omitempty"`       // what becomes of the client secret
	SecretFault *auth.Error    `json:"secret_fault,omitempty"` // why it could not be stored
}

// ImportedSecret is what becomes of a client secret in the file.
type ImportedSecret string

// What can become of it. Empty means that there is none to be taken.
const (
	SecretLeft   ImportedSecret = "left"   // it was not asked for, so it was not read
	SecretStored ImportedSecret = "stored" // in the keychain
	SecretFailed ImportedSecret = "failed" // it could not be stored
)

// Preferences are how Keyfob itself behaves.
type Preferences struct {
	File          string          `json:"file"`
	Problem       *auth.Error     `json:"problem,omitempty"` // why nothing can be changed
	Reminders     []time.Duration `json:"reminders"`         // nanoseconds, longest first
	ClearAfter    time.Duration   `json:"clear_after"`       // nanoseconds; 0 is never
	Notifications bool            `json:"notifications"`
	Autostart     bool            `json:"autostart"`
	AutostartNote string          `json:"autostart_note,omitempty"` // what is wrong with what starts at login, a clause
	NoAutostart   string          `json:"no_autostart,omitempty"`   // why starting at login cannot be chosen here, a clause
}

// Change is a change of one preference; the others are nil.
type Change struct {
	Reminders     *[]time.Duration `json:"reminders,omitempty"`
	ClearAfter    *time.Duration   `json:"clear_after,omitempty"`
	Notifications *bool            `json:"notifications,omitempty"`
	Autostart     *bool            `json:"autostart,omitempty"`
	OpenFile      bool             `json:"open_file,omitempty"` // opens the settings file in an editor
}

// answerSetup does one of the operations of s.
func answerSetup(ctx context.Context, s Setup, req request) (last reply, err error) {
	last.OK = true
	switch {
	case s == nil:
		err = noScreen()
	case req.Op == opPresets:
		last.Presets, err = s.Presets(ctx)
	case req.Op == opKnow:
		last.Draft, err = one(s.Recognise(ctx, req.Address))
	case req.Op == opCheck && req.Draft != nil:
		last.Judged, err = one(s.Check(ctx, *req.Draft))
	case req.Op == opAdd && req.Draft != nil:
		last.Judged, err = one(s.Add(ctx, *req.Draft))
	case req.Op == opImport && req.Import != nil:
		last.Imported, err = one(s.Import(ctx, *req.Import))
	case req.Op == opSettings:
		last.Preferences, err = one(s.Preferences(ctx))
	case req.Op == opChange && req.Change != nil:
		last.Preferences, err = one(s.Change(ctx, *req.Change))
	default:
		err = badRequest("the request lacks what it is about")
	}
	return last, err
}

func one[T any](v T, err error) (*T, error) { return &v, err }
