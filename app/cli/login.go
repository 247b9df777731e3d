package cli

import (
	"context"
	"sync"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// LoginOptions are those of `keyfob login`.
type LoginOptions struct {
	Tool          string
	NoBrowser     bool
	Prompt        string
	Timeout       time.Duration
	Offline       bool
	SwitchAccount bool
}

// longestSignIn is how long an engine waits for a person in the browser.
const longestSignIn = 5 * time.Minute

func loginCommand() *Command {
	o := LoginOptions{Timeout: longestSignIn}
	return &Command{
		Name: "login", Options: &o, Changes: always, NeedsSettings: always,
		Short: "sign in through the browser",
		Args:  []Arg{{Name: "TOOL", What: "the name of a tool", To: &o.Tool}},
		Flags: []Flag{
			{Name: "no-browser", To: &o.NoBrowser, Help: "print the address instead of opening it"},
			{
				Name: "prompt", Value: "login|select_account|consent", To: &o.Prompt,
				Help: "ask the provider to show its sign-in, account or consent page",
			},
			{Name: "timeout", Value: "5m", To: &o.Timeout, Help: "how long to wait for you, at most five minutes"},
			{Name: "offline", To: &o.Offline, Help: "ask for offline_access, and put it into the tool's scopes"},
			{Name: "switch-account", To: &o.SwitchAccount, Help: "let another account take the place of the last one"},
		},
		Long: `Opens the system browser and waits until you have signed in.`,
		Examples: []Example{{
			"keyfob login plant4",
			"opens the browser and waits; `--no-browser` prints the address, `--switch-account` lets another account take the " +
				"last one's place, `--offline` adds `offline_access` to the tool's scopes",
		}},
		Check: func() error { return o.check() },
		Run:   func(ctx context.Context, p Program, e Env) error { return login(ctx, o, p, e) },
	}
}

func (o LoginOptions) check() error {
	switch o.Prompt {
	case "", "login", "select_account", "consent":
	default:
		return usageError("--prompt takes login, select_account or consent")
	}
	if o.Timeout <= 0 {
		return usageError("--timeout takes a duration above zero, such as 5m")
	}
	if o.Timeout > longestSignIn {
		return usageError("--timeout takes at most 5m, since no sign-in is waited for longer")
	}
	return nil
}

// login signs in. What --offline asks for is put into the settings afterwards:
// a sign-in that failed changes nothing.
func login(ctx context.Context, o LoginOptions, p Program, e Env) error {
	if o.Offline {
		if err := p.MayAddOffline(o.Tool); err != nil {
			return err
		}
	}
	engine, err := p.Engine()
	if err != nil {
		return err
	}
	err = signIn(ctx, o, engine, p.OpenBrowser, e)
	explain(ctx, e, engine, o.Tool, err)
	if err != nil || !o.Offline {
		return err
	}
	file, err := p.AddOffline(ctx, o.Tool)
	if err != nil {
		return err
	}
	return Say(e.Err, o.Tool+" asks for offline_access in "+file+" from now on")
}

// signIn opens the browser itself, which so is the one of where the command was
// typed.
func signIn(ctx context.Context, o LoginOptions, engine Engine, open func(context.Context, string) error, e Env) error {
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	var opening sync.WaitGroup
	defer opening.Wait()
	defer cancel()
	err := engine.Login(ctx, o.Tool, session.SignInOptions{
		NoBrowser: o.NoBrowser, CallerOpens: !o.NoBrowser,
		Prompt: o.Prompt, Offline: o.Offline, SwitchAccount: o.SwitchAccount,
		Progress: func(s session.Step) {
			saySignInStep(e, s)
			if s.Open != "" {
				opening.Go(func() {
					if err := open(ctx, s.Open); err != nil && ctx.Err() == nil {
						Report(e.Err, err) // the address stands above
					}
				})
			}
		},
	})
	if err != nil {
		switch ctx.Err() {
		case context.Canceled:
			return &auth.Error{
				Kind: auth.KindCanceled,
				Code: auth.CodeCanceled,
				What: "the sign-in was cancelled",
				Who:  auth.WhoYou,
				Err:  err,
			}
		case context.DeadlineExceeded:
			return &auth.Error{
				Kind: auth.KindCanceled,
				Code: auth.CodeTimeout,
				What: "nobody signed in within " + o.Timeout.String(),
				Do:   "run the command again",
				Who:  auth.WhoYou,
			}
		}
		return err
	}
	all, err := engine.Status(ctx)
	if err != nil {
		return err
	}
	s, err := snapshotOf(all.Snapshots, o.Tool)
	if err != nil {
		return err
	}
	return Say(e.Err, statusLine(s, e.Now()))
}

// saySignInStep tells what a sign-in waits for.
func saySignInStep(e Env, s session.Step) {
	switch s.Name {
	case session.StepKeychain:
		_ = Say(e.Err, "keyfob: "+s.Detail)
	case session.StepBrowser:
		_ = Say(e.Err, "waiting for you in the browser; if none opened, open this address:")
		_ = Say(e.Err, auth.ASCIIAddress(s.Detail))
	case session.StepAddress:
		_ = Say(e.Err, "open this address in a browser on this machine:")
		_ = Say(e.Err, auth.ASCIIAddress(s.Detail))
	}
}
