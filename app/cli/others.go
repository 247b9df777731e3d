package cli

import (
	"context"
	"io"
)

// DemoOptions are those of `keyfob demo`.
type DemoOptions struct {
	Headless bool
}

// HelpOptions are those of `keyfob help`.
type HelpOptions struct {
	Topic string // a command's name, or empty
}

func trayCommand() *Command {
	return &Command{
		Name: tray, Default: true, Changes: always,
		Short:    "start the tray, or bring up the one that runs",
		Examples: []Example{{"keyfob", "starts the tray, or brings up the one that runs"}},
		Run:      func(ctx context.Context, p Program, _ Env) error { return p.Tray(ctx) },
	}
}

func agentCommand() *Command {
	return &Command{
		Name: "agent", Changes: always,
		Short: "keep an engine running without a tray",
		Long: `Runs the engine without a tray, until ` + "`keyfob quit`" + ` or Ctrl+C ends it. It
renews sessions by itself, as the tray does. An engine that a command starts
renews only what is asked for, and ends by itself soon after the last command.`,
		Examples: []Example{{"keyfob agent", "keeps the same engine running without a tray, until `keyfob quit` ends it"}},
		Run:      func(ctx context.Context, p Program, _ Env) error { return p.Agent(ctx) },
	}
}

// QuitOptions are those of `keyfob quit`.
type QuitOptions struct {
	Wait bool
}

func quitCommand() *Command {
	var o QuitOptions
	return &Command{
		Name: "quit", Options: &o, Traceable: true, Asks: true,
		Short: "end the Keyfob that runs",
		Flags: []Flag{{Name: "wait", To: &o.Wait, Help: "return when it has ended"}},
		Long: `Ends the Keyfob that runs, with or without an icon. What is under way is finished
first. Tokens that no keychain keeps are lost.`,
		Examples: []Example{{"keyfob quit", "ends the Keyfob that runs; `--wait` returns when it has ended"}},
		Run:      func(ctx context.Context, p Program, e Env) error { return quit(ctx, o, p, e) },
	}
}

func quit(ctx context.Context, o QuitOptions, p Program, e Env) error {
	ran, err := p.Quit(ctx, o.Wait)
	if err == nil && !ran {
		err = Say(e.Err, "keyfob is not running")
	}
	return err
}

func backgroundEngineCommand() *Command {
	return &Command{
		Name: BackgroundEngine, Hidden: true,
		Run: func(ctx context.Context, p Program, _ Env) error { return p.BackgroundEngine(ctx) },
	}
}

func demoCommand() *Command {
	var o DemoOptions
	return &Command{
		Name: "demo", Options: &o,
		Short: "try it with a built-in provider",
		Flags: []Flag{{Name: "headless", To: &o.Headless, Help: "play the person's part too, print each step, and end"}},
		Long: `Starts a provider on this machine with two tools: one session renews by itself,
the other gets no refresh token and ends after two minutes. Your own settings
and keychain entries are not touched.`,
		Examples: []Example{{
			"keyfob demo",
			"two tools of a built-in provider; `--headless` plays the person and prints each step",
		}},
		Run: func(ctx context.Context, p Program, _ Env) error { return p.Demo(ctx, o) },
	}
}

func versionCommand() *Command {
	return &Command{
		Name: "version", Traceable: true, Asks: true,
		Short:    "print the version",
		Examples: []Example{{"keyfob version", "prints the version"}},
		Run: func(_ context.Context, p Program, e Env) error {
			_, err := io.WriteString(e.Out, "keyfob "+p.Version()+"\n")
			return err
		},
	}
}

func helpCommand(topic string) *Command {
	o := HelpOptions{Topic: topic}
	return &Command{
		Name: "help", Options: &o, Traceable: true, Raw: true, Asks: true,
		Short:    "say more about a verb",
		Args:     []Arg{{Name: "VERB", Optional: true, To: &o.Topic}},
		Examples: []Example{{"keyfob help token", "says more about a verb"}},
		Run:      func(_ context.Context, _ Program, e Env) error { return printHelp(e.Out, o.Topic) },
	}
}

func keychainCommand() *Command {
	return &Command{
		Name: Keychain, Hidden: true, Traceable: true,
		Run: func(ctx context.Context, p Program, _ Env) error { return p.KeychainHelper(ctx) },
	}
}
