package wire

import (
	"time"

	"keyfob/app/setup/form"
	"keyfob/auth/inspect"
	"keyfob/auth/session"
)

// Op is an operation by its name, with the types of its request and of each line
// of its answer.
type Op[Req, Rep any] string

// What a client can ask for.
const (
	OpStatus  Op[Nothing, SessionsReply]     = "status"  // all sessions
	OpWatch   Op[Nothing, SessionsReply]     = "watch"   // all sessions, now and after each change, until the client hangs up
	OpToken   Op[TokenRequest, TokenReply]   = "token"   // an access token that is valid for a while
	OpInspect Op[ToolRequest, InspectReply]  = "inspect" // what a tool's tokens say, without them
	OpLogin   Op[LoginRequest, LoginReply]   = "login"   // a person signs in; steps, then the end
	OpCancel  Op[ToolRequest, Nothing]       = "cancel"  // ends a sign-in for everybody who waits for it
	OpLogout  Op[LogoutRequest, LogoutReply] = "logout"  // signs out; what the provider did, then the end
	OpQuit    Op[Nothing, Nothing]           = "quit"    // ends the engine

	OpLater  Op[ToolRequest, Nothing] = "later"  // a person put off the prompt to sign in
	OpShow   Op[Nothing, Nothing]     = "show"   // brings what runs to the person's attention
	OpCopy   Op[CopyRequest, Nothing] = "copy"   // puts the access token, or what is made of it, into the engine's clipboard
	OpHome   Op[ToolRequest, Nothing] = "home"   // opens the tool's home page
	OpReopen Op[ToolRequest, Nothing] = "reopen" // opens the address of the sign-in under way once more

	OpPresets   Op[Nothing, PresetsReply]           = "presets"  // the providers that are known
	OpRecognise Op[RecogniseRequest, DraftReply]    = "know"     // what the address of a sign-in page tells
	OpCheck     Op[DraftRequest, JudgementReply]    = "check"    // how the provider of a draft fits
	OpAdd       Op[DraftRequest, JudgementReply]    = "add"      // writes a draft into the settings
	OpImport    Op[ImportRequest, ImportReply]      = "import"   // tools out of ThingWorx's settings
	OpSettings  Op[Nothing, PreferencesReply]       = "settings" // how Keyfob behaves
	OpChange    Op[ChangeRequest, PreferencesReply] = "change"   // changes that
)

// Nothing is a request or a reply that has no more to say.
type Nothing struct{}

// ToolRequest is a request about a tool, by its ID.
type ToolRequest struct {
	Tool string `json:"tool,omitempty"`
}

// SessionsReply holds all sessions.
type SessionsReply struct {
	Snapshots []session.Snapshot `json:"snapshots,omitempty"`
}

// TokenRequest asks for a token that is valid for more than MinValid.
type TokenRequest struct {
	Tool     string        `json:"tool,omitempty"`
	MinValid time.Duration `json:"min_valid,omitempty"` // nanoseconds
}

// TokenReply holds the tokens.
type TokenReply struct {
	Tokens *Tokens `json:"tokens,omitempty"`
}

// InspectReply holds what the tokens say.
type InspectReply struct {
	Inspection *inspect.Inspection `json:"inspection,omitempty"`
}

// LoginRequest asks for a sign-in, as [session.SignInOptions] says.
type LoginRequest struct {
	Tool          string `json:"tool,omitempty"`
	NoBrowser     bool   `json:"no_browser,omitempty"`
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
	Tool    string   `json:"tool,omitempty"`
	Local   bool     `json:"local,omitempty"`   // tell nobody
	Browser bool     `json:"browser,omitempty"` // open the provider's sign-out page
	Pages   []string `json:"pages,omitempty"`   // the sign-out pages that were opened already
}

// LogoutReply holds what became of it, in the line before the last, which may
// be an error.
type LogoutReply struct {
	SignOut *session.SignOutResult `json:"parting,omitempty"` // as earlier builds call it, which may run yet
}

// CopyRequest asks for something to be copied, which As names.
type CopyRequest struct {
	Tool string `json:"tool,omitempty"`
	As   string `json:"as,omitempty"`
}

// PresetsReply holds the providers in the order in which people are told of them.
type PresetsReply struct {
	Presets []form.Preset `json:"presets,omitempty"`
}

// RecogniseRequest asks about the address of a sign-in page.
type RecogniseRequest struct {
	Address string `json:"address,omitempty"`
}

// DraftReply holds a draft.
type DraftReply struct {
	Draft *form.Draft `json:"draft,omitempty"`
}

// DraftRequest asks for something to be done with a draft.
type DraftRequest struct {
	Draft form.Draft `json:"draft"`
}

// JudgementReply holds what there is to say of a draft.
type JudgementReply struct {
	Judged *form.Judgement `json:"judged,omitempty"`
}

// ImportRequest names a file and says what to do with it.
type ImportRequest struct {
	Import form.ImportRequest `json:"import"`
}

// ImportReply holds what became of the file.
type ImportReply struct {
	Imported *form.ImportResult `json:"imported,omitempty"`
}

// ChangeRequest asks for a preference to be changed.
type ChangeRequest struct {
	Change form.Change `json:"change"`
}

// PreferencesReply holds how Keyfob behaves.
type PreferencesReply struct {
	Preferences *form.Preferences `json:"preferences,omitempty"`
}
