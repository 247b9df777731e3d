package cli_test

import (
	"os"
	"strings"
	"testing"

	"keyfob/app/cli"
)

// TestHelp holds all that help says against testdata/help.txt, which
// KEYFOB_GOLDEN=1 writes.
func TestHelp(t *testing.T) {
	const file = "testdata/help.txt"
	var all strings.Builder
	for _, line := range append([]string{"help"}, helpTopics()...) {
		all.WriteString("$ keyfob " + line + "\n")
		call, err := cli.Parse(strings.Fields(line))
		if err == nil {
			err = call.Run(t.Context(), nil, cli.Env{Out: &all})
		}
		cli.Report(&all, err)
		all.WriteString("\n")
	}
	if os.Getenv("KEYFOB_GOLDEN") != "" {
		if err := os.WriteFile(file, []byte(all.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || all.String() != string(want) {
		t.Errorf("%v; help says\n%s", err, all.String())
	}
}

func helpTopics() []string {
	var all []string
	for _, c := range cli.Commands() {
		if !c.Hidden {
			all = append(all, "help "+c.Name)
		}
	}
	return all
}

// TestHelpWins gives help to whoever asks for it, whatever else is wrong.
func TestHelpWins(t *testing.T) {
	for _, line := range []string{"tools -h x", "autostart x -h", "autostart on --json --help", "token -h a b", "status --nosuch -h"} {
		if c, err := cli.Parse(strings.Fields(line)); err != nil || c.Command.Name != "help" {
			t.Errorf("%s: %v", line, err)
		}
	}
	for _, line := range []string{"token a -- -h", "tools nosuch"} {
		if _, err := cli.Parse(strings.Fields(line)); err == nil {
			t.Errorf("%s is no error", line)
		}
	}
}
