package config

import (
	"slices"
	"strings"

	"keyfob/app/nearest"
	"keyfob/auth"
	"keyfob/auth/provider"
)

// The keys that a file may hold, beside those that a preset asks for.
var (
	rootKeys         = []string{"background", "reminders", "clipboard", "notifications", "tools"}
	reminderKeys     = []string{"before"}
	clipboardKeys    = []string{"clear_after"}
	notificationKeys = []string{"enabled"}
	toolKeys         = []string{
		"name", "home", "api", "provider", "issuer", "client_id", "client_auth", "grant", "scopes", "mandatory_scopes",
		"redirect", "ports", "audience", "trusted_audiences", "params", "ca_file", "client_secret_expires",
		"post_logout_redirect", "retrigger_on_scopes_removal", "session_bound",
	}
	// addressKeys take the place of discovery, or of a part of it.
	addressKeys = []string{"authorize_uri", "token_uri", "jwks_uri", "end_session_uri", "revocation_uri", "expect_issuer"}
)

// ToolKeys are all keys that a tool's table may hold.
func ToolKeys() []string { return slices.Concat(toolKeys, provider.Keys(), addressKeys) }

// checkKeys returns an error for the first key that nobody knows.
func (d *document) checkKeys() error {
	for _, k := range d.keys {
		var known []string
		switch {
		case len(k.path) == 1:
			known = rootKeys
		case len(k.path) == 2 && k.path[0] == "reminders":
			known = reminderKeys
		case len(k.path) == 2 && k.path[0] == "clipboard":
			known = clipboardKeys
		case len(k.path) == 2 && k.path[0] == "notifications":
			known = notificationKeys
		case len(k.path) == 3 && k.path[0] == "tools":
			known = ToolKeys()
		default:
			continue
		}
		word := k.path[len(k.path)-1]
		if slices.Contains(known, word) {
			continue
		}
		what := "unknown key " + auth.Quote(word)
		if len(k.path) > 1 {
			what += " in " + tableName(k.path[:len(k.path)-1])
		}
		return d.fault(k.path, what, advice(d, k.path, known))
	}
	return nil
}

// advice says what to do about an unknown key.
func advice(d *document, path, known []string) string {
	word := path[len(path)-1]
	if strings.HasSuffix(word, "secret") || strings.Contains(word, "password") {
		return "remove it, no secret belongs in this file"
	}
	if word == "background" {
		return "put it at the top of the file, above the first [table]"
	}
	if near := nearest.Of(word, known); near != "" {
		return "did you mean " + auth.Quote(near) + "?"
	}
	if len(path) == 1 {
		if slices.Contains(toolKeys, word) {
			return "put it under the [tools.ID] that it belongs to"
		}
		if _, ok := d.root[word].(map[string]any); ok && isBareKey(word) {
			return "write [tools." + word + "] if this is a tool"
		}
	}
	return "known here are " + strings.Join(known, ", ")
}
