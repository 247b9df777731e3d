package cli

import (
	"context"
)

// Tools is what `keyfob tools` does with the settings and the keychain.
type Tools interface {
	List(ctx context.Context, o ToolsListOptions) error
	Show(o ToolsShowOptions) error
	Add(ctx context.Context, o ToolsAddOptions) error
	Remove(ctx context.Context, o ToolsRemoveOptions) error
	Import(ctx context.Context, o ToolsImportOptions) error
	Secret(ctx context.Context, o ToolsSecretOptions) error
}

// ToolsListOptions are those of `keyfob tools list`.
type ToolsListOptions struct {
	JSON bool
}

// ToolsShowOptions are those of `keyfob tools show`.
type ToolsShowOptions struct {
	Tool string
}

// ToolsRemoveOptions are those of `keyfob tools remove`.
type ToolsRemoveOptions struct {
	Tool   string
	Logout bool // sign out and delete the client secret first
}

// ToolsImportOptions are those of `keyfob tools import`.
type ToolsImportOptions struct {
	File       string
	DryRun     bool
	WithSecret bool
}

// ToolsSecretOptions are those of `keyfob tools secret`.
type ToolsSecretOptions struct {
	Tool   string
	Remove bool
}

func toolsCommand() *Command {
	return &Command{
		Name:  "tools",
		Short: "list, add, remove or import tools, store secrets",
		Args:  []Arg{{Name: "ACTION"}},
		Examples: []Example{
			{
				"keyfob tools",
				"lists the tools with file and line, and which are an administrator's; `--json` for programs; further actions are " +
					"`show`, `add`, `remove`, `import` and `secret`",
			},
			{"keyfob tools show plant4", "the tool's effective settings"},
		},
		Commands: func() []*Command {
			return []*Command{
				toolsListCommand(),
				toolsShowCommand(),
				toolsAddCommand(),
				toolsRemoveCommand(),
				toolsImportCommand(),
				toolsSecretCommand(),
			}
		},
	}
}

func toolID(to *string) []Arg { return []Arg{{Name: "TOOL", What: "the ID of a tool", To: to}} }

// toolsDo runs a command of `keyfob tools`.
func toolsDo(do func(context.Context, Tools) error) func(context.Context, Program, Env) error {
	return func(ctx context.Context, p Program, e Env) error {
		t, err := p.Tools(e)
		if err != nil {
			return err
		}
		return do(ctx, t)
	}
}

func toolsListCommand() *Command {
	var o ToolsListOptions
	return &Command{
		Name: "list", Default: true, Options: &o, NeedsSettings: always,
		Flags: []Flag{{Name: "json", To: &o.JSON, Help: "print them for a program"}},
		Long: `says which tools there are, with file and line, and which are an
administrator's: those nobody else can change or remove. --json prints
that for a program.`,
		Run: toolsDo(func(ctx context.Context, t Tools) error { return t.List(ctx, o) }),
	}
}

func toolsShowCommand() *Command {
	var o ToolsShowOptions
	return &Command{
		Name: "show", Options: &o, NeedsSettings: always,
		Args: toolID(&o.Tool),
		Long: `prints one tool as it takes effect.`,
		Run:  toolsDo(func(_ context.Context, t Tools) error { return t.Show(o) }),
	}
}

func toolsRemoveCommand() *Command {
	var o ToolsRemoveOptions
	return &Command{
		Name: "remove", Options: &o, Changes: always, NeedsSettings: always,
		Args:  toolID(&o.Tool),
		Flags: []Flag{{Name: "logout", To: &o.Logout, Help: "sign out and delete the client secret first"}},
		Long: `takes a tool out of the settings, prints the lines that it took, and
says what the keychain still holds. --logout signs out and deletes the
client secret first.`,
		Run: toolsDo(func(ctx context.Context, t Tools) error { return t.Remove(ctx, o) }),
	}
}

func toolsImportCommand() *Command {
	var o ToolsImportOptions
	return &Command{
		Name: "import", Options: &o, Changes: func() bool { return !o.DryRun },
		Args: []Arg{{Name: "FILE", What: "a file", To: &o.File}},
		Flags: []Flag{
			{Name: "dry-run", To: &o.DryRun, Help: "change nothing"},
			{Name: "with-secret", To: &o.WithSecret, Help: "put the client secrets of the file into the keychain"},
		},
		Long: `reads ThingWorx's sso-settings.json, or the same block in
platform-settings.json, and says what it took, what it left and why.
Nothing is overwritten. FILE may be a pipe. --dry-run changes nothing.
--with-secret puts the client secrets of the file into the keychain.`,
		Run: toolsDo(func(ctx context.Context, t Tools) error { return t.Import(ctx, o) }),
	}
}

func toolsSecretCommand() *Command {
	var o ToolsSecretOptions
	return &Command{
		Name: "secret", Options: &o, Changes: always, NeedsSettings: always,
		Args:  toolID(&o.Tool),
		Flags: []Flag{{Name: "remove", To: &o.Remove, Help: "delete it"}},
		Long: `stores the client secret of a tool in the keychain. It is typed unseen,
or read from standard input; never give it as an argument.
--remove deletes it.`,
		// Whatever stands there may be the secret itself.
		Excess: "tools secret takes the ID of a tool alone, and reads the secret from its input",
		Run:    toolsDo(func(ctx context.Context, t Tools) error { return t.Secret(ctx, o) }),
	}
}
