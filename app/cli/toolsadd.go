package cli

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// ToolsAddOptions are those of `keyfob tools add`.
type ToolsAddOptions struct {
	Tool string
	Keys []Key
}

// Key is a key of a tool's table with its value: a string, a bool, a []string, a
// []int, a map[string]string, or a [Date].
type Key struct {
	Name  string
	Value any
}

// Date is a day without a place in the world.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// toolFlags are the flags of `keyfob tools add`: one for each key of a tool,
// with a dash for each underscore. The values are judged where the file's are.
type toolFlags struct {
	texts    []keyFlag[string] // in the order in which they are written
	lists    []keyFlag[string]
	ports    string
	switches []keyFlag[bool]
	params   map[string]string
	expires  string
}

type keyFlag[T any] struct {
	key   string
	value T
}

func keyFlags[T any](keys ...string) []keyFlag[T] {
	all := make([]keyFlag[T], len(keys))
	for i, key := range keys {
		all[i].key = key
	}
	return all
}

func toolsAddCommand() *Command {
	var o ToolsAddOptions
	f := toolFlags{
		texts: keyFlags[string](
			"name", "home", "api", "provider",
			// what presets ask for
			"tenant", "policy", "host", "resource", "domain", "realm", "server", "pool", "region",
			"issuer", "client_id", "client_auth", "grant", "redirect", "post_logout_redirect", "audience", "ca_file",
			"authorize_uri", "token_uri", "jwks_uri", "end_session_uri", "revocation_uri", "expect_issuer",
		),
		lists:    keyFlags[string]("scopes", "mandatory_scopes", "trusted_audiences"),
		switches: keyFlags[bool]("retrigger_on_scopes_removal", "session_bound"),
		params:   map[string]string{},
	}
	return &Command{
		Name: "add", Options: &o, Changes: always,
		Args:     toolID(&o.Tool),
		Synopsis: "TOOL --client-id ID [--provider NAME] [--KEY VALUE]...",
		Flags:    f.flags(),
		Long: `writes a tool into the settings. Each key of the settings is a flag with
dashes: --name, --home, --provider, --tenant, --host, --realm, --issuer,
--client-id, --client-auth, --grant, --scopes openid,offline_access,
--ports 53682,53683, --param NAME=VALUE, and so on.`,
		Check: func() (err error) { o.Keys, err = f.keys(); return err },
		Run:   toolsDo(func(ctx context.Context, t Tools) error { return t.Add(ctx, o) }),
	}
}

func (f *toolFlags) flags() []Flag {
	var all []Flag
	add := func(key, value string, to any) {
		all = append(all, Flag{Name: strings.ReplaceAll(key, "_", "-"), Value: value, To: to})
	}
	for i := range f.texts {
		add(f.texts[i].key, "VALUE", &f.texts[i].value)
	}
	for i := range f.lists {
		add(f.lists[i].key, "VALUE,VALUE", &f.lists[i].value)
	}
	add("ports", "PORT,PORT", &f.ports)
	for i := range f.switches {
		add(f.switches[i].key, "", &f.switches[i].value)
	}
	add("param", "NAME=VALUE", func(s string) error {
		name, value, ok := strings.Cut(s, "=")
		if !ok {
			return usageError("--param takes NAME=VALUE")
		}
		f.params[name] = value
		return nil
	})
	add("client_secret_expires", "DATE", &f.expires)
	return all
}

// keys are those that were given, with their values.
func (f *toolFlags) keys() (all []Key, err error) {
	for _, t := range f.texts {
		if t.value != "" {
			all = append(all, Key{t.key, t.value})
		}
	}
	for _, l := range f.lists {
		if values := words(l.value); len(values) > 0 {
			all = append(all, Key{l.key, values})
		}
	}
	var ports []int
	for _, s := range words(f.ports) {
		n, err := strconv.Atoi(s)
		if err != nil {
			return nil, usageError("--ports takes numbers with commas between them, such as 53682,53683")
		}
		ports = append(ports, n)
	}
	if ports != nil {
		all = append(all, Key{"ports", ports})
	}
	for _, s := range f.switches {
		if s.value {
			all = append(all, Key{s.key, true})
		}
	}
	if len(f.params) > 0 {
		all = append(all, Key{"params", f.params})
	}
	if f.expires != "" {
		at, err := time.Parse(time.DateOnly, f.expires)
		if err != nil {
			return nil, usageError("--client-secret-expires takes a date such as 2027-03-01")
		}
		year, month, day := at.Date()
		all = append(all, Key{"client_secret_expires", Date{year, month, day}})
	}
	return all, nil
}

// words splits a list at commas and spaces.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r <= ' ' })
}
