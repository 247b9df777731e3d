// Package agent is the local socket between the engine, the one process of a
// user that owns all sessions, and its clients: the command line and the
// window. It owns the protocol, both ends of it, and the rule that there is
// one engine.
//
// It must never listen on a network, never answer another user, never send a
// refresh token, and never decide anything about a session: it asks an
// [Engine].
//
// # Protocol
//
// A client connects, sends one line of JSON and reads lines of JSON until the
// last one; then the connection ends. There is no second request.
//
//	{"v":1,"op":"token","tool":"plant4","min_valid":60000000000}
//	{"v":1,"ok":true,"wait":true}
//	{"v":1,"ok":true,"tokens":{…}}
//
// A line with "wait" says that the engine is still at work, so that a client
// tells a slow provider from a stopped engine. A line with "more" is a part of
// the answer: a step of a sign-in, the sessions after a change, what a provider
// did of a sign-out. The line
// without either is the last, and has "ok" or an "error". A client that closes
// its end no longer wants what it asked for.
//
// An engine that too many ask at once answers "agent_busy" before it has looked
// at the request, which may be sent again.
package agent

import (
	"encoding/json"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// version is the protocol's. Adding a field does not change it.
const version = 1

// What a client can ask for.
const (
	opStatus  = "status"  // all sessions
	opWatch   = "watch"   // all sessions, now and after each change, until the client leaves
	opToken   = "token"   // an access token that is valid for a while
	opInspect = "inspect" // what a tool's tokens say, without them
	opLogin   = "login"   // a person signs in; steps, then the end
	opCancel  = "cancel"  // ends a sign-in for everybody who waits for it
	opLogout  = "logout"  // signs out
	opLater   = "later"   // a person put off the prompt to sign in
	opShow    = "show"    // brings what runs to the person's attention
	opCopy    = "copy"    // puts the access token, or what is made of it, into the engine's clipboard
	opHome    = "home"    // opens the tool's home page
	opReopen  = "reopen"  // opens the address of the sign-in under way once more
	opQuit    = "quit"    // ends the engine

	opPresets  = "presets"  // the providers that are known
	opKnow     = "know"     // what the address of a sign-in page tells
	opCheck    = "check"    // how the provider of a draft fits
	opAdd      = "add"      // writes a draft into the settings
	opImport   = "import"   // tools out of ThingWorx's settings
	opSettings = "settings" // how Keyfob behaves
	opChange   = "change"   // changes that
)

const (
	// maxRequest and maxReply bound a line. A request holds at most what a
	// person types into the window; files are named, not sent. A token set of
	// 64 KiB and a thousand sessions fit into a reply.
	maxRequest = 64 << 10
	maxReply   = 16 << 20

	// requestWithin is how long a client may take to send its request, and
	// writeWithin how long it may leave an answer unread.
	requestWithin = 3 * time.Second
	writeWithin   = 3 * time.Second

	// While the engine works on an answer it says so every waitEvery. A client
	// gives up on an engine that has been silent for silentFor, so that one
	// which was stopped costs a command less than five seconds.
	waitEvery = time.Second
	silentFor = 4 * time.Second

	// Between two changes a watcher hears less often: it may watch all day.
	watchWaitEvery = 30 * time.Second
	watchSilentFor = 45 * time.Second
)

// CopyAs is what of a session is copied.
type CopyAs string

// What can be copied. The first four are secret, and leave the clipboard
// after a while.
const (
	CopyToken   CopyAs = ""        // the access token alone
	CopyHeader  CopyAs = "header"  // the header of HTTP that carries it
	CopyCurl    CopyAs = "curl"    // a line for a shell that calls the tool with it
	CopyEnv     CopyAs = "env"     // a line for a shell that sets KEYFOB_TOKEN
	CopyAddress CopyAs = "address" // what the browser was asked to open, while a person signs in
	CopyDetails CopyAs = "details" // what is known of the last problem

	// CopyRedirect is of a preset, which stands in the tool's place, followed by a
	// blank and the provider's host where that is known: what to
	// register as redirect URIs.
	CopyRedirect CopyAs = "redirect"
)

// request is what a client asks.
type request struct {
	V         int           `json:"v"`
	Op        string        `json:"op"`
	Tool      string        `json:"tool,omitempty"`
	MinValid  time.Duration `json:"min_valid,omitempty"` // nanoseconds
	NoBrowser bool          `json:"no_browser,omitempty"`
	Prompt    string        `json:"prompt,omitempty"`

	Offline       bool     `json:"offline,omitempty"`        // login: ask for offline_access too
	SwitchAccount bool     `json:"switch_account,omitempty"` // login: another account may take the last one's place
	Local         bool     `json:"local,omitempty"`          // logout: tell nobody
	Browser       bool     `json:"browser,omitempty"`        // logout: open the provider's sign-out page
	Pages         []string `json:"pages,omitempty"`          // logout: the sign-out pages that were opened already

	As CopyAs `json:"as,omitempty"` // copy: what

	Address string  `json:"address,omitempty"` // know
	Draft   *Draft  `json:"draft,omitempty"`   // check, add
	Import  *Import `json:"import,omitempty"`  // import
	Change  *Change `json:"change,omitempty"`  // change
}

// reply is one line of an answer.
type reply struct {
	V         int                    `json:"v"`
	OK        bool                   `json:"ok,omitempty"`
	Wait      bool                   `json:"wait,omitempty"` // the engine is at work, nothing else
	More      bool                   `json:"more,omitempty"` // another line follows
	Error     *auth.Error            `json:"error,omitempty"`
	Step      *session.Step          `json:"step,omitempty"`
	Snapshots []session.Snapshot     `json:"snapshots,omitempty"`
	Tokens    *wireTokens            `json:"tokens,omitempty"`
	SignOut   *session.SignOutResult `json:"sign_out,omitempty"` // before the last line, which may be an error

	Presets     []Preset     `json:"presets,omitempty"`
	Draft       *Draft       `json:"draft,omitempty"`
	Judged      *Judged      `json:"judged,omitempty"`
	Imported    *Imported    `json:"imported,omitempty"`
	Preferences *Preferences `json:"preferences,omitempty"`

	// Inspection is an inspect.Inspection, left as it is: whoever wants a token
	// would else pay for learning that type.
	Inspection json.RawMessage `json:"inspection,omitempty"`
}

// wireTokens is auth.Tokens as it crosses the socket. Its secrets are plain
// strings on purpose, since auth.Secret shows itself to no encoder; it exists
// between the two conversions below only. The refresh token stays with the
// engine: no client has a use for it.
type wireTokens struct {
	Access        string       `json:"access"`
	ID            string       `json:"id,omitempty"`
	Type          string       `json:"type"`
	Account       auth.Account `json:"account"`
	Scopes        []string     `json:"scopes"`
	SignedInAt    time.Time    `json:"signed_in_at"`
	IssuedAt      time.Time    `json:"issued_at"`
	Expiry        time.Time    `json:"expiry"`
	RefreshExpiry time.Time    `json:"refresh_expiry"`
	Set           string       `json:"set"`
}

func toWire(t auth.Tokens) *wireTokens {
	return &wireTokens{
		Access: t.Access.Reveal(), ID: t.ID.Reveal(), Type: t.Type,
		Account: t.Account, Scopes: t.Scopes,
		SignedInAt: t.SignedInAt, IssuedAt: t.IssuedAt, Expiry: t.Expiry, RefreshExpiry: t.RefreshExpiry,
		Set: t.Set,
	}
}

func (w *wireTokens) tokens() auth.Tokens {
	return auth.Tokens{
		Access: auth.Secret(w.Access), ID: auth.Secret(w.ID), Type: w.Type,
		Account: w.Account, Scopes: w.Scopes,
		SignedInAt: w.SignedInAt, IssuedAt: w.IssuedAt, Expiry: w.Expiry, RefreshExpiry: w.RefreshExpiry,
		Set: w.Set,
	}
}
