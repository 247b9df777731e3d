package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"keyfob/app/nearest"
	"keyfob/auth"
)

// Call is a command line that was understood.
type Call struct {
	Command *Command
	Config  string // --config, or empty
}

// Changes reports whether the call changes anything of the user's: settings,
// tokens, what starts at login.
func (c Call) Changes() bool { return c.Command.Changes != nil && c.Command.Changes() }

// NeedsSettings reports whether the call is for nothing without a settings
// file: it reads one, and would neither make it nor wait for it.
func (c Call) NeedsSettings() bool {
	return c.Command.NeedsSettings != nil && c.Command.NeedsSettings()
}

// Speaks reports whether the call is for whoever typed it: not for the tray, and
// not for the program itself.
func (c Call) Speaks() bool { return c.Command.Name != tray && !c.Command.Hidden }

// Run runs the command.
func (c Call) Run(ctx context.Context, p Program, e Env) error {
	e.Config = c.Config
	return c.Command.Run(ctx, p, e)
}

// Parse reads a command line without its program name. Flags may stand before
// and after the words. Its errors are of KindUsage.
func Parse(args []string) (Call, error) {
	var config string
	var version bool
	f := flags{{Name: "config", To: &config}, {Name: "version", To: &version}}
	args, err := f.leading(args)
	switch unknown := unknownFlag(""); {
	case errors.Is(err, errHelp):
		return Call{Command: helpCommand("")}, nil
	case errors.As(err, &unknown):
		return Call{}, noFlag(string(unknown), f)
	case err != nil:
		return Call{}, err
	case version:
		return Call{Command: versionCommand()}, nil
	case len(args) == 0:
		return Call{Command: usual(Commands()), Config: config}, nil
	}
	c := command(args[0])
	if c == nil {
		return Call{}, meant(usageError("there is no verb "+auth.Quote(args[0])), "", args[0], names(Commands()))
	}
	return c.parse(args[1:], config)
}

// parse reads what stands behind a command's name. Who asks for help gets it,
// whatever else is wrong.
func (c *Command) parse(args []string, config string) (Call, error) {
	call, err := c.understand(args, config)
	if err != nil && asksForHelp(args) {
		return Call{Command: helpCommand(c.Name)}, nil
	}
	var e *auth.Error
	if errors.As(err, &e) && e.Do == seeHelp && c.help() != "" {
		e.Do = "run `keyfob help " + c.Name + "`"
	}
	return call, err
}

func asksForHelp(args []string) bool {
	if end := slices.Index(args, "--"); end >= 0 {
		args = args[:end]
	}
	return slices.ContainsFunc(args, func(arg string) bool {
		name, _, _ := cutFlag(arg)
		return isHelp(name)
	})
}

func (c *Command) understand(args []string, config string) (Call, error) {
	one, path := c, c.Name
	if c.Commands != nil {
		var err error
		if one, args, err = c.choose(args); err != nil {
			return Call{}, err
		}
		path += " " + one.Name
	}
	words, err := one.words(args, &config)
	switch unknown := unknownFlag(""); {
	case errors.Is(err, errHelp):
		return Call{Command: helpCommand(c.Name)}, nil
	case errors.As(err, &unknown):
		return Call{}, c.stray(string(unknown), one)
	case err != nil:
		return Call{}, err
	}
	if err := one.take(path, words); err != nil {
		return Call{}, err
	}
	if err := one.check(config); err != nil {
		return Call{}, err
	}
	return Call{Command: one, Config: config}, nil
}

// words parses the flags and returns what is none.
func (c *Command) words(args []string, config *string) ([]string, error) {
	if c.Raw {
		return args[:min(1, len(args))], nil
	}
	all := append(flags{{Name: "config", To: config}}, c.Flags...)
	words, err := all.interspersed(args)
	c.Flags = all[1:] // which know now that they were given
	return words, err
}

// choose finds which command of the group is meant. Flags may stand before its
// name. What is left are the arguments without it.
func (c *Command) choose(args []string) (*Command, []string, error) {
	var all flags
	commands := c.Commands()
	for _, one := range commands {
		all = append(all, one.Flags...)
	}
	all = append(all, Flag{Name: "config", To: new(string)})
	for i := 0; i < len(args); i++ {
		name, _, valued := cutFlag(args[i])
		if name != "" {
			if f := all.find(name); f != nil && !f.isSwitch() && !valued {
				i++
			}
			continue
		}
		if one := find(commands, args[i]); one != nil {
			return one, slices.Concat(args[:i], args[i+1:]), nil
		}
		return nil, nil, usageError(c.unknown(args[i]))
	}
	return usual(commands), args, nil
}

// unknown says that the group has no such command.
func (c *Command) unknown(name string) string {
	if c.Unknown != nil {
		return c.Unknown(name)
	}
	return "there is no `keyfob " + c.Name + " " + name + "`, only " + join(names(c.Commands()), "and")
}

// stray says what is wrong with a flag that one, a command of the group or the
// command itself, does not have.
func (c *Command) stray(name string, one *Command) error {
	if c.Commands != nil {
		for _, other := range c.Commands() {
			if flags(other.Flags).find(name) != nil {
				return usageError("--" + name + " goes with " + c.Name + " " + other.Name)
			}
		}
	}
	return noFlag(name, one.Flags)
}

// noFlag says that there is no such flag. Nobody who would give a secret as one
// is told how.
func noFlag(name string, all []Flag) error {
	err := usageError(unknownFlag(name).Error())
	if strings.Contains(name, "secret") {
		return err
	}
	var known []string
	for _, f := range all {
		known = append(known, f.Name)
	}
	return meant(err, "--", name, known)
}

// meant adds to an error about an unknown word which known one was probably meant.
func meant(err *auth.Error, dashes, word string, known []string) error {
	if near := nearest.Of(word, known); near != "" {
		err.Do = "did you mean " + auth.Quote(dashes+near) + "?"
	}
	return err
}

func names(all []*Command) []string {
	var names []string
	for _, c := range all {
		if !c.Hidden {
			names = append(names, c.Name)
		}
	}
	return names
}

// take hands the words to the arguments.
func (c *Command) take(path string, words []string) error {
	args := c.Args
	switch {
	case len(words) > len(args) && c.Excess != "":
		return usageError(c.Excess)
	case len(words) > len(args):
		return usageError(path + " does not take " + auth.Quote(words[len(words)-1]))
	}
	for i, a := range args {
		switch {
		case i < len(words):
			*a.To = words[i]
		case !a.Optional && a.Or == "":
			return usageError(path + " needs " + a.What)
		}
	}
	return nil
}

// check judges what was given as a whole.
func (c *Command) check(config string) error {
	if config != "" && c.NoConfig != "" {
		return usageError(c.NoConfig)
	}
	given := map[string]string{}
	for _, f := range c.Flags {
		if f.Group == "" || !f.on {
			continue
		}
		if other := given[f.Group]; other != "" {
			return usageError("--" + other + " and --" + f.Name + " exclude each other")
		}
		given[f.Group] = f.Name
		if one, ok := f.To.(choice); ok {
			*one.to = one.is
		}
	}
	if c.Check != nil {
		return c.Check()
	}
	return nil
}

// seeHelp is what to do about a command line that is not understood.
const seeHelp = "run `keyfob help`"

func usageError(what string) *auth.Error {
	return &auth.Error{Kind: auth.KindUsage, Code: auth.CodeUsage, What: what, Do: seeHelp, Who: auth.WhoYou}
}
