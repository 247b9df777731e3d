package wire

import (
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// Op is an operation by its name, with the types of its request and of each line
// of its answer.
type Op[Req, Rep any] string

// What a client can ask for.
const (
	OpStatus Op[CallerRequest, StatusReply] = "status" // all sessions, and what is to be said of the settings
	OpWatch  Op[Nothing, SessionsReply]     = "watch"  // all sessions, now and after each change, until the client hangs up
	OpToken  Op[TokenRequest, TokenReply]   = "token"  // an access token that is valid for a while
	OpLogin  Op[LoginRequest, LoginReply]   = "login"  // a person signs in; steps, then the end
	OpCancel Op[ToolRequest, Nothing]       = "cancel" // ends a sign-in for everybody who waits for it
	OpLogout Op[LogoutRequest, LogoutReply] = "logout" // signs out; what the provider did, then the end
	OpQuit   Op[Nothing, Nothing]           = "quit"   // ends the engine; the same in every version

	OpReload  Op[CallerRequest, Nothing]       = "reload"  // what the settings say now is in effect afterwards
	OpSecret  Op[SecretRequest, Nothing]       = "secret"  // stores or deletes a tool's client secret
	OpHolds   Op[ToolRequest, HoldsReply]      = "holds"   // what the keychain holds of a tool
	OpForget  Op[ForgetRequest, ForgetReply]   = "forget"  // deletes what the keychain holds of tools that are not in the settings
	OpYield   Op[CallerRequest, Nothing]       = "yield"   // has an engine that a command started make room for one that stays
	OpPromote Op[PromoteRequest, PromoteReply] = "promote" // shows the engine on a desktop

	OpLater  Op[ToolRequest, Nothing] = "later"  // a person put off the prompt to sign in
	OpShow   Op[Nothing, Nothing]     = "show"   // brings what runs to the person's attention
	OpCopy   Op[CopyRequest, Nothing] = "copy"   // puts the access token, or what is made of it, into the engine's clipboard
	OpHome   Op[ToolRequest, Nothing] = "home"   // opens the tool's home page
	OpReopen Op[ToolRequest, Nothing] = "reopen" // opens the address of the sign-in under way once more
)

// Inspect is the name of an operation of package personops, which may be asked for
// twice.
const Inspect = "inspect"

// Nothing is a request or a reply that has no more to say.
type Nothing struct{}

// Caller is what a request says of who asks. Its members are read with the head
// of the request.
type Caller struct {
	// Settings is the path of the settings file that the caller means; empty for
	// whichever the engine has. Named says that a person chose it.
	Settings string `json:"settings,omitempty"`
	Named    bool   `json:"named,omitempty"`
	// Unlock says that a person is there to give the keychain's password.
	Unlock bool `json:"unlock,omitempty"`
}

// CallerRequest is a request that says no more than who asks.
type CallerRequest struct{ Caller }

// ToolRequest is a request about a tool, by its ID.
type ToolRequest struct {
	Caller
	Tool string `json:"tool,omitempty"`
}

// StatusReply holds all sessions, and what is to be said of the settings.
type StatusReply struct {
	Snapshots []session.Snapshot `json:"snapshots,omitempty"`
	Fault     *auth.Error        `json:"fault,omitempty"`   // why the settings cannot be read now
	Ignored   []*auth.Error      `json:"ignored,omitempty"` // what they say in vain
	Orphans   []Orphan           `json:"orphans,omitempty"`
}

// Orphan is a tool that is not in the settings, and what the keychain holds of
// it, in words.
type Orphan struct {
	Tool  string `json:"tool"`
	Holds string `json:"holds"`
}

// SessionsReply holds all sessions.
type SessionsReply struct {
	Snapshots []session.Snapshot `json:"snapshots,omitempty"`
}

// TokenRequest asks for a token that is valid for more than MinValid.
type TokenRequest struct {
	Caller
	Tool     string        `json:"tool,omitempty"`
	MinValid time.Duration `json:"min_valid,omitempty"` // nanoseconds
}

// TokenReply holds the tokens, or says in each line but the last what the caller
// waits for.
type TokenReply struct {
	Tokens  *Tokens     `json:"tokens,omitempty"`
	Address string      `json:"address,omitempty"` // where the token is for: the tool's API, or else its home page
	Waits   *auth.Error `json:"waits,omitempty"`
}

// LoginRequest asks for a sign-in, as [session.SignInOptions] says.
type LoginRequest struct {
	Caller
	Tool          string `json:"tool,omitempty"`
	NoBrowser     bool   `json:"no_browser,omitempty"`
	CallerOpens   bool   `json:"caller_opens,omitempty"` // the caller opens the address of the step "browser"
	Prompt        string `json:"prompt,omitempty"`
	Offline       bool   `json:"offline,omitempty"`        // ask for offline_access too
	SwitchAccount bool   `json:"switch_account,omitempty"` // another account may take the last one's place
}

// LoginReply holds a step, in each line but the last.
type LoginReply struct {
	Step *session.Step `json:"step,omitempty"`
}

// LogoutRequest asks to sign out, as [session.SignOutOptions] says.
type LogoutRequest struct {
	Caller
	Tool    string `json:"tool,omitempty"`
	Local   bool   `json:"local,omitempty"`   // tell nobody
	Browser bool   `json:"browser,omitempty"` // open the provider's sign-out page
	// CallerOpens says that the caller opens that page.
	CallerOpens bool     `json:"caller_opens,omitempty"`
	Pages       []string `json:"pages,omitempty"` // the sign-out pages that were opened already
}

// LogoutReply holds what became of it, in the line before the last, which may
// be an error. Lines before that say what the caller waits for.
type LogoutReply struct {
	SignOut *session.SignOutResult `json:"signed_out,omitempty"`
	Open    string                 `json:"open,omitempty"` // a one-time address for the caller's browser
	Waits   *auth.Error            `json:"waits,omitempty"`
}

// SecretRequest stores a tool's client secret, or deletes it.
type SecretRequest struct {
	Caller
	Tool   string `json:"tool,omitempty"`
	Secret string `json:"secret,omitempty"`
	Remove bool   `json:"remove,omitempty"`
}

// HoldsReply says what the keychain holds of a tool.
type HoldsReply struct {
	Tokens bool `json:"tokens,omitempty"`
	Secret bool `json:"secret,omitempty"`
}

// ForgetRequest names a tool that is not in the settings, or means all of them.
type ForgetRequest struct {
	Caller
	Tool string `json:"tool,omitempty"`
	All  bool   `json:"all,omitempty"`
}

// ForgetReply holds the tools of which everything was deleted, in the line before
// the last, which may be an error.
type ForgetReply struct {
	Forgotten []string `json:"forgotten,omitempty"`
}

// PromoteRequest names a desktop by the environment of a program there.
type PromoteRequest struct {
	Caller
	Environment map[string]string `json:"environment,omitempty"`
}

// PromoteReply says what became of it, for the person.
type PromoteReply struct {
	Said string `json:"said,omitempty"`
}

// CopyRequest asks for something to be copied, which As names.
type CopyRequest struct {
	Tool string `json:"tool,omitempty"`
	As   string `json:"as,omitempty"`
}
