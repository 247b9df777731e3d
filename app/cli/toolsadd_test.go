package cli_test

import (
	"strings"
	"testing"

	"keyfob/app/cli"
	"keyfob/app/config"
)

// TestEveryKeyHasAFlag adds a tool with each key that the settings know.
func TestEveryKeyHasAFlag(t *testing.T) {
	for _, key := range config.ToolKeys() {
		flag := map[string]string{"params": "--param"}[key]
		if flag == "" {
			flag = "--" + strings.ReplaceAll(key, "_", "-")
		}
		value := map[string]string{
			"ports": "1", "params": "a=b", "client_secret_expires": "2027-03-01",
			"retrigger_on_scopes_removal": "true", "session_bound": "true",
		}[key]
		if value == "" {
			value = "x"
		}
		c, err := cli.Parse([]string{"tools", "add", "a", flag + "=" + value})
		if err != nil {
			t.Errorf("%s: %v", flag, err)
			continue
		}
		if o := c.Command.Options.(*cli.ToolsAddOptions); len(o.Keys) != 1 || o.Keys[0].Name != key {
			t.Errorf("%s: %+v", flag, o.Keys)
		}
	}
}
