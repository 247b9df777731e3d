package app_test

import (
	"strings"
	"testing"

	"keyfob/app/cli"
)

// TestReadmeTableOfCommands holds the README's table of commands, and its exit
// codes, against the command line's own.
func TestReadmeTableOfCommands(t *testing.T) {
	table := "| command | does |\n|---|---|\n"
	for _, c := range cli.Commands() {
		for _, e := range c.Examples {
			table += "| `" + e.Line + "` | " + e.Does + " |\n"
		}
	}
	text := readme(t)
	if !strings.Contains(text, "\n"+table+"\n") {
		t.Errorf("the README's table of commands has to be\n%s", table)
	}
	if codes := cli.ExitCodes(" · "); !strings.Contains(strings.Join(strings.Fields(text), " "), codes) {
		t.Errorf("the README does not say %q", codes)
	}
}
