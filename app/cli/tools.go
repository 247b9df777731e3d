package cli

import (
	"context"
	"flag"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"keyfob/app/config"
	"keyfob/auth"
	"keyfob/auth/provider"
	"keyfob/auth/session"
)

// Actions of `keyfob tools`.
const (
	ToolsList   = "list"
	toolsShow   = "show"
	toolsAdd    = "add"
	toolsRemove = "remove"
	toolsImport = "import"
	toolsSecret = "secret"
)

// ToolsOptions are those of `keyfob tools`. The tool that is meant is the
// command's.
type ToolsOptions struct {
	Action     string
	JSON       bool             // list
	File       string           // import
	DryRun     bool             // import
	WithSecret bool             // import
	Settings   []config.Setting // add
	Logout     bool             // remove
	Remove     bool             // secret
}

// Keeper does what `keyfob tools` needs of the keychain and of an engine.
type Keeper interface {
	SaveSecret(ctx context.Context, tool auth.Tool, secret auth.Secret) error
	DeleteSecret(ctx context.Context, tool string) error
	// Left says what the keychain still holds of a tool, without asking a person
	// for its password.
	Left(ctx context.Context, tool string) (tokens, secret bool, err error)
	Logout(ctx context.Context, tool string) (session.SignOutResult, error)
}

// RunTools runs `keyfob tools` on the settings file at path, beside the tools
// of an administrator, which it shows and does not change.
func RunTools(ctx context.Context, c Command, k Keeper, path string, system config.System, w IO) error {
	s, err := config.LoadAll(path, system)
	if err != nil {
		return err
	}
	switch c.Tools.Action {
	case ToolsList:
		return listTools(s, c.Tools.JSON, w)
	case toolsShow:
		return showTool(s, c.Tool, w)
	case toolsAdd:
		return addTool(ctx, s, c, w)
	case toolsRemove:
		return removeTool(ctx, s, c, k, w)
	case toolsImport:
		return importTools(ctx, s, c.Tools, k, w)
	case toolsSecret:
		return toolSecret(ctx, s, c, k, w)
	}
	return usage("there is no `keyfob tools " + c.Tools.Action + "`")
}

// parseTools reads what stands behind `keyfob tools`.
func parseTools(c Command, args []string) (Command, error) {
	if len(args) == 0 {
		args = []string{ToolsList}
	}
	o := &c.Tools
	o.Action, args = args[0], args[1:]
	fs := newFlags("keyfob tools " + o.Action)
	fs.StringVar(&c.Config, "config", c.Config, "")
	word := "the ID of a tool"
	finish := func() error { return nil }
	switch o.Action {
	case ToolsList:
		word = ""
		fs.BoolVar(&o.JSON, "json", false, "")
	case toolsShow:
	case toolsAdd:
		finish = toolFlags(fs, &o.Settings)
	case toolsRemove:
		fs.BoolVar(&o.Logout, "logout", false, "")
	case toolsImport:
		word = "a file"
		fs.BoolVar(&o.DryRun, "dry-run", false, "")
		fs.BoolVar(&o.WithSecret, "with-secret", false, "")
	case toolsSecret:
		fs.BoolVar(&o.Remove, "remove", false, "")
	case "-h", "-help", "--help":
		return Command{Verb: Help, Topic: Tools}, nil
	default:
		return c, usage("there is no `keyfob tools " + o.Action + "`, only list, show, add, remove, import and secret")
	}
	words, err := interspersed(fs, args)
	switch {
	case err != nil:
		return helpOr(c, Tools, err)
	case len(words) == 0 && word != "":
		return c, usage("tools " + o.Action + " needs " + word)
	case len(words) > 1 || len(words) == 1 && word == "":
		if o.Action == toolsSecret {
			// Whatever stands there may be the secret itself.
			return c, usage("tools secret takes the ID of a tool alone, and reads the secret from its input")
		}
		return c, usage("tools " + o.Action + " does not take " + auth.Quote(words[len(words)-1]))
	case o.Action == toolsImport:
		o.File = words[0]
	case len(words) == 1:
		c.Tool = words[0]
	}
	return c, finish()
}

// textKeys are the keys of a tool that hold one text, in the order in which
// they are written.
func textKeys() []string {
	keys := append([]string{"name", "home", "api", "provider"}, provider.Keys()...)
	return append(keys, "issuer", "client_id", "client_auth", "grant", "redirect", "post_logout_redirect", "audience", "ca_file",
		"authorize_uri", "token_uri", "jwks_uri", "end_session_uri", "revocation_uri", "expect_issuer")
}

// listKeys are the keys that hold several texts.
var listKeys = []string{"scopes", "mandatory_scopes", "trusted_audiences"}

// switchKeys are the keys that are true or false.
var switchKeys = []string{"retrigger_on_scopes_removal", "session_bound"}

// toolFlags defines a flag for each key of a tool, with a dash for each
// underscore, and returns what turns them into settings. The values are judged
// where the file's are.
func toolFlags(fs *flag.FlagSet, to *[]config.Setting) func() error {
	dashed := func(key string) string { return strings.ReplaceAll(key, "_", "-") }
	texts := map[string]*string{}
	for _, key := range textKeys() {
		texts[key] = fs.String(dashed(key), "", "")
	}
	lists := map[string]*string{}
	for _, key := range append([]string{"ports"}, listKeys...) {
		lists[key] = fs.String(dashed(key), "", "")
	}
	switches := map[string]*bool{}
	for _, key := range switchKeys {
		switches[key] = fs.Bool(dashed(key), false, "")
	}
	expires := fs.String("client-secret-expires", "", "")
	params := map[string]string{}
	fs.Func("param", "", func(s string) error {
		name, value, ok := strings.Cut(s, "=")
		if !ok {
			return usage("--param takes NAME=VALUE")
		}
		params[name] = value
		return nil
	})
	return func() error {
		add := func(key string, value any) { *to = append(*to, config.Setting{Key: key, Value: value}) }
		for _, key := range textKeys() {
			if s := *texts[key]; s != "" {
				add(key, s)
			}
		}
		for _, key := range listKeys {
			if all := words(*lists[key]); len(all) > 0 {
				add(key, all)
			}
		}
		var ports []int
		for _, s := range words(*lists["ports"]) {
			n, err := strconv.Atoi(s)
			if err != nil {
				return usage("--ports takes numbers with commas between them, such as 53682,53683")
			}
			ports = append(ports, n)
		}
		if ports != nil {
			add("ports", ports)
		}
		for _, key := range switchKeys {
			if *switches[key] {
				add(key, true)
			}
		}
		if len(params) > 0 {
			add("params", params)
		}
		if *expires != "" {
			at, err := time.Parse(time.DateOnly, *expires)
			if err != nil {
				return usage("--client-secret-expires takes a date such as 2027-03-01")
			}
			add("client_secret_expires", toml.LocalDate{Year: at.Year(), Month: int(at.Month()), Day: at.Day()})
		}
		return nil
	}
}

// words splits a list at commas and spaces.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r <= ' ' })
}
