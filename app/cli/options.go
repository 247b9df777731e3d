package cli

import (
	"errors"
	"flag"
	"io"
	"strings"
	"time"

	"keyfob/auth"
)

// Verbs of the command line. Tray is the verb of a bare `keyfob`.
const (
	Tray      = "tray"
	Login     = "login"
	Token     = "token"
	Status    = "status"
	Logout    = "logout"
	Check     = "check"
	Tools     = "tools"
	Agent     = "agent"
	Autostart = "autostart"
	Demo      = "demo"
	Version   = "version"
	Help      = "help"
	Keychain  = "keychain-helper" // hidden: the keychain's child process
)

// Command is a parsed command line. Only the fields of its verb are set.
type Command struct {
	Verb   string
	Config string // --config, or empty
	Tool   string // check: or an issuer

	Login  LoginOptions
	Token  TokenOptions
	Status StatusOptions
	Check  CheckOptions
	Tools  ToolsOptions
	Demo   DemoOptions

	Autostart AutostartOptions
	All       bool   // logout
	Local     bool   // logout
	Topic     string // help
}

// Changes reports whether the command changes anything of the user's: settings,
// tokens, what starts at login.
func (c Command) Changes() bool {
	switch c.Verb {
	case Tray, Agent, Login, Logout:
		return true
	case Autostart:
		return c.Autostart.Action != autostartStatus
	case Tools:
		return c.Tools.Action != ToolsList && c.Tools.Action != toolsShow && !c.Tools.DryRun
	}
	return false
}

// Again is another command line on the same settings.
func (c Command) Again(words string) string {
	if c.Config == "" {
		return "keyfob " + words
	}
	return "keyfob --config " + c.Config + " " + words
}

// NeedsSettings reports whether the command is for nothing without a settings
// file: it reads one, and would neither make it nor wait for it.
func (c Command) NeedsSettings() bool {
	switch c.Verb {
	case Login, Token, Status, Logout:
		return true
	case Check:
		return !IsIssuer(c.Tool)
	case Tools:
		return c.Tools.Action != toolsAdd && c.Tools.Action != toolsImport
	}
	return false
}

// LoginOptions are those of `keyfob login`.
type LoginOptions struct {
	NoBrowser bool
	Prompt    string
	Timeout   time.Duration
	Offline   bool
	Switch    bool
}

// TokenOptions are those of `keyfob token`.
type TokenOptions struct {
	Format   TokenFormat
	IDToken  bool // the ID token in the place of the access token
	MinValid time.Duration
}

// StatusOptions are those of `keyfob status`.
type StatusOptions struct {
	JSON   bool
	Broken bool // the settings cannot be read, which whoever runs the verb says
}

// DemoOptions are those of `keyfob demo`.
type DemoOptions struct {
	Headless bool
}

// defaultMinValid is how long a token must live at least to be worth handing
// out: enough for a script to make the call that it fetched the token for.
const defaultMinValid = 10 * time.Second

// longestSignIn is how long an engine waits for a person in the browser.
const longestSignIn = 5 * time.Minute

// Parse reads a command line without its program name. Flags may stand before
// and after the tool. Its errors are of KindUsage.
func Parse(args []string) (Command, error) {
	c := Command{Verb: Tray}
	global := newFlags("keyfob")
	global.StringVar(&c.Config, "config", "", "")
	version := global.Bool("version", false, "")
	if err := global.Parse(args); err != nil {
		return helpOr(c, "", err)
	}
	if *version {
		c.Verb = Version
		return c, nil
	}
	if args = global.Args(); len(args) == 0 {
		return c, nil
	}
	if c.Verb, args = args[0], args[1:]; c.Verb == Tools {
		return parseTools(c, args)
	}

	fs := newFlags("keyfob " + c.Verb)
	fs.StringVar(&c.Config, "config", c.Config, "")
	wantTool, optional := false, false
	finish := func() error { return nil }
	switch c.Verb {
	case Login:
		wantTool = true
		fs.BoolVar(&c.Login.NoBrowser, "no-browser", false, "")
		fs.BoolVar(&c.Login.Offline, "offline", false, "")
		fs.BoolVar(&c.Login.Switch, "switch-account", false, "")
		fs.StringVar(&c.Login.Prompt, "prompt", "", "")
		fs.DurationVar(&c.Login.Timeout, "timeout", longestSignIn, "")
		finish = func() error { return c.Login.check() }
	case Token:
		wantTool = true
		formatOf := tokenFlags(fs, &c.Token.IDToken)
		fs.DurationVar(&c.Token.MinValid, "min-valid", defaultMinValid, "")
		finish = func() (err error) { c.Token.Format, err = formatOf(); return err }
	case Status:
		optional = true
		fs.BoolVar(&c.Status.JSON, "json", false, "")
	case Logout:
		optional = true
		fs.BoolVar(&c.All, "all", false, "")
		fs.BoolVar(&c.Local, "local", false, "")
		finish = func() error {
			if c.All == (c.Tool != "") {
				return usage("logout takes one tool, or --all")
			}
			return nil
		}
	case Check:
		wantTool = true
		fs.BoolVar(&c.Check.JSON, "json", false, "")
	case Autostart:
		optional = true
		fs.BoolVar(&c.Autostart.Replace, "replace", false, "")
		fs.BoolVar(&c.Autostart.JSON, "json", false, "")
		finish = func() error {
			if c.Config != "" {
				return usage("autostart does not take --config: a login starts the tray with the usual settings")
			}
			word := c.Tool
			c.Tool = ""
			return c.Autostart.parseAction(word)
		}
	case Demo:
		fs.BoolVar(&c.Demo.Headless, "headless", false, "")
	case Agent, Version, Keychain, Tray:
	case Help:
		if len(args) > 0 {
			c.Topic = args[0]
		}
		return c, nil
	default:
		return c, usage("there is no verb " + auth.Quote(c.Verb))
	}

	words, err := interspersed(fs, args)
	if err != nil {
		return helpOr(c, c.Verb, err)
	}
	switch {
	case len(words) == 1 && (wantTool || optional):
		c.Tool = words[0]
	case len(words) == 0 && wantTool:
		return c, usage(c.Verb + " needs the name of a tool")
	case len(words) > 0:
		return c, usage(c.Verb + " does not take " + auth.Quote(words[len(words)-1]))
	}
	return c, finish()
}

func (o LoginOptions) check() error {
	switch o.Prompt {
	case "", "login", "select_account", "consent":
	default:
		return usage("--prompt takes login, select_account or consent")
	}
	if o.Timeout <= 0 {
		return usage("--timeout takes a duration above zero, such as 5m")
	}
	if o.Timeout > longestSignIn {
		return usage("--timeout takes at most 5m, since no sign-in is waited for longer")
	}
	return nil
}

// newFlags returns a flag set that prints nothing by itself.
func newFlags(name string) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	return fs
}

// interspersed parses flags before, between and after the words.
func interspersed(fs *flag.FlagSet, args []string) (words []string, err error) {
	for {
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		if args = fs.Args(); len(args) == 0 {
			return words, nil
		}
		words, args = append(words, args[0]), args[1:]
	}
}

// helpOr turns -h into the help verb, and any other flag error into one of
// usage.
func helpOr(c Command, topic string, err error) (Command, error) {
	if errors.Is(err, flag.ErrHelp) {
		return Command{Verb: Help, Topic: topic}, nil
	}
	text := strings.TrimPrefix(err.Error(), "flag provided but not defined: ")
	if text != err.Error() {
		text = "there is no flag " + text
	}
	return c, usage(text)
}

func usage(what string) error {
	return &auth.Error{Kind: auth.KindUsage, Code: auth.CodeUsage, What: what, Do: "run `keyfob help`", Who: auth.WhoYou}
}
