package cli_test

import (
	"strings"
	"testing"

	"keyfob/app/cli"
)

// TestTable holds what each command of the table needs.
func TestTable(t *testing.T) {
	for _, c := range cli.Commands() {
		if !c.Hidden && (c.Short == "" || len(c.Examples) == 0) {
			t.Errorf("%s has no line of help or no example", c.Name)
		}
		one := []*cli.Command{c}
		if c.Commands != nil {
			one = c.Commands()
		}
		for _, c := range one {
			complete(t, c)
		}
		for _, e := range c.Examples {
			call, err := cli.Parse(strings.Fields(e.Line)[1:])
			if err != nil || call.Command.Name != c.Name && !isOf(c, call.Command.Name) {
				t.Errorf("%s: the example %q is %+v, %v", c.Name, e.Line, call.Command, err)
			}
		}
	}
}

func isOf(group *cli.Command, name string) bool {
	if group.Commands == nil {
		return false
	}
	for _, c := range group.Commands() {
		if c.Name == name {
			return true
		}
	}
	return false
}

// complete holds a command that is run.
func complete(t *testing.T, c *cli.Command) {
	t.Helper()
	if c.Run == nil || c.Options == nil && len(c.Flags)+len(c.Args) > 0 {
		t.Errorf("%s cannot be run, or shows no options", c.Name)
	}
	for _, a := range c.Args {
		if a.Name == "" || a.To == nil || a.What == "" && a.Or == "" && !a.Optional {
			t.Errorf("%s: the argument %+v", c.Name, a)
		}
	}
	seen := map[string]bool{"config": true, "help": true, "h": true}
	for _, f := range c.Flags {
		if f.To == nil || seen[f.Name] {
			t.Errorf("%s: the flag %+v", c.Name, f)
		}
		seen[f.Name] = true
	}
}

// TestTheTableNamesItsCommands finds each command of the table by its own name.
func TestTheTableNamesItsCommands(t *testing.T) {
	for _, c := range cli.Commands() {
		line := []string{c.Name}
		for range c.Args {
			line = append(line, "x")
		}
		if c.Commands != nil {
			line = line[:1]
		}
		call, err := cli.Parse(line)
		if err != nil || call.Command.Name != c.Name && !isOf(c, call.Command.Name) {
			t.Errorf("%q is %+v, %v", line, call.Command, err)
		}
	}
}
