package cli

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"keyfob/auth"
)

// flags are those that a command line may hold.
type flags []Flag

var errHelp = errors.New("help was asked for")

// unknownFlag is the name of a flag that there is not.
type unknownFlag string

func (u unknownFlag) Error() string { return "there is no flag --" + string(u) }

func (f flags) find(name string) *Flag {
	for i := range f {
		if f[i].Name == name {
			return &f[i]
		}
	}
	return nil
}

// interspersed parses flags before, between and after the words.
func (f flags) interspersed(args []string) (words []string, err error) {
	for {
		if args, err = f.leading(args); err != nil || len(args) == 0 {
			return words, err
		}
		words, args = append(words, args[0]), args[1:]
	}
}

// leading parses the flags before the first word, and returns the rest. Two
// dashes alone say that a word comes next, whatever it looks like.
func (f flags) leading(args []string) ([]string, error) {
	for len(args) > 0 {
		if args[0] == "--" {
			return args[1:], nil
		}
		name, value, valued := cutFlag(args[0])
		if name == "" {
			return args, nil
		}
		if name[0] == '-' || name[0] == '=' {
			return nil, usageError("bad flag syntax: " + args[0])
		}
		one := f.find(name)
		switch args = args[1:]; {
		case one == nil && isHelp(name):
			return nil, errHelp
		case one == nil:
			return nil, unknownFlag(name)
		case !valued && one.isSwitch():
			value = "true"
		case !valued && len(args) == 0:
			return nil, usageError("--" + name + " needs a value")
		case !valued:
			value, args = args[0], args[1:]
		}
		if err := one.set(value); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// isHelp reports whether a flag of that name asks for help.
func isHelp(name string) bool { return name == "help" || name == "h" }

// cutFlag takes a flag apart; a word has no name. One dash is as good as two.
func cutFlag(arg string) (name, value string, valued bool) {
	if len(arg) < 2 || arg[0] != '-' {
		return "", "", false
	}
	name = arg[1:]
	if len(name) > 1 && name[0] == '-' {
		name = name[1:]
	}
	if i := strings.IndexByte(name, '='); i > 0 {
		return name[:i], name[i+1:], true
	}
	return name, "", false
}

func (f *Flag) isSwitch() bool {
	switch f.To.(type) {
	case *bool, choice:
		return true
	}
	return false
}

// set hands a value to the flag's field.
func (f *Flag) set(value string) error {
	switch to := f.To.(type) {
	case *string:
		*to, f.on = value, true
	case *time.Duration:
		d, err := time.ParseDuration(value)
		if err != nil {
			return usageError("--" + f.Name + " takes a duration such as 10s, not " + auth.Quote(value))
		}
		*to, f.on = d, true
	case func(string) error:
		f.on = true
		return to(value)
	case *bool, choice:
		on, err := strconv.ParseBool(value)
		if err != nil {
			return usageError("--" + f.Name + " takes true or false, not " + auth.Quote(value))
		}
		f.on = on
		if b, ok := to.(*bool); ok { // choices are made when all flags are known
			*b = on
		}
	}
	return nil
}
