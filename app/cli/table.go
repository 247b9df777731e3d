package cli

import (
	"context"
	"strings"
)

// Command is one command: what a person types, what they read about it, and
// what is run. All texts about commands come from here.
type Command struct {
	Name    string
	Default bool   // meant where no name is given
	Hidden  bool   // in no list: the program alone runs it
	Short   string // what it does, in a line
	Long    string // what `keyfob help` says below the usage
	Args    []Arg
	Flags   []Flag
	// Synopsis is what the usage shows behind the name where arguments and flags
	// say too little, or too much.
	Synopsis string
	Examples []Example
	Options  any // a pointer to what arguments and flags set
	// Commands are those of a group, which runs nothing itself; nil for any other.
	// They are made when they are asked for: most command lines name no group.
	Commands func() []*Command

	// Unknown says that the group has no such command; nil for the usual words.
	Unknown func(name string) string
	// Excess is the error for a word too many, instead of one that quotes it.
	Excess string
	// NoConfig says why --config is not taken.
	NoConfig string
	Raw      bool // takes what follows as it is, flags too
	// Traceable: it has no tokens in memory, or sees to them itself, so that the
	// user's other programs may look at the process.
	Traceable bool
	// Asks: it asks the engine at most, so that the thin command does it, too.
	Asks bool

	Changes       func() bool  // whether it changes anything of the user's; nil for no
	NeedsSettings func() bool  // whether it is for nothing without a settings file; nil for no
	Check         func() error // judges what was given as a whole; nil for no rule
	Run           func(ctx context.Context, p Program, e Env) error
}

// Arg is a word that a command takes.
type Arg struct {
	Name     string // as help shows it, such as TOOL
	What     string // what it is, for "needs …"
	Or       string // the flag that may stand in its place
	Optional bool
	To       *string
}

// Flag is a flag of a command. What To points to says which values it takes:
//   - *bool and choice: none, or true or false behind an equals sign;
//   - *string: any;
//   - *time.Duration: a duration, such as 10s;
//   - func(string) error: what that function takes.
type Flag struct {
	Name  string
	Value string // as the usage shows it; empty where it takes none
	Help  string // may have several lines
	Group string // of the flags of one group only one may be given
	To    any

	on bool // given, and not as false
}

// choice is a flag that chooses a word.
type choice struct {
	to *TokenFormat
	is TokenFormat
}

// Example is a command line, and what it does. Does is Markdown.
type Example struct{ Line, Does string }

// Keychain is the command that is the keychain's child process, which the program
// starts itself.
const Keychain = "keychain-helper"

// tray is the command that shows the icon.
const tray = "tray"

// BackgroundEngine is the command that a command starts where no engine runs.
const BackgroundEngine = "background-engine"

// maker makes a command of the table.
type maker struct {
	name string
	make func() *Command
}

// table is the table of commands, in the order in which they are listed. A command
// line needs one of them, and to make them all takes longer than to read it.
func table() []maker {
	return []maker{
		{tray, trayCommand},
		{"login", loginCommand},
		{"token", tokenCommand},
		{"status", statusCommand},
		{"logout", logoutCommand},
		{"tools", toolsCommand},
		{"check", checkCommand},
		{"agent", agentCommand},
		{"quit", quitCommand},
		{"autostart", autostartCommand},
		{"demo", demoCommand},
		{"version", versionCommand},
		{"help", func() *Command { return helpCommand("") }},
		{Keychain, keychainCommand},
		{BackgroundEngine, backgroundEngineCommand},
	}
}

// Commands makes all commands of the table. The values of one table are parsed
// into once.
func Commands() []*Command {
	var all []*Command
	for _, m := range table() {
		all = append(all, m.make())
	}
	return all
}

// command makes the command of that name, or returns nil.
func command(name string) *Command {
	for _, m := range table() {
		if m.name == name {
			return m.make()
		}
	}
	return nil
}

func find(all []*Command, name string) *Command {
	for _, c := range all {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// usual is the command that is meant where none is named.
func usual(all []*Command) *Command {
	for _, c := range all {
		if c.Default {
			return c
		}
	}
	return nil
}

func always() bool { return true }

// join writes a list as it is read: with commas, and last before the last.
func join(all []string, last string) string {
	n := len(all) - 1
	if n < 1 {
		return strings.Join(all, "")
	}
	return strings.Join(all[:n], ", ") + " " + last + " " + all[n]
}
