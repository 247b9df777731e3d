//go:build unix

package start

import (
	"runtime"
	"strings"
)

// passes reports whether an engine gets the variable: it says whose engine it is,
// where its files are, how its desktop, keychain and network are reached, or in
// which language and time zone it speaks. KEYFOB_CONFIG is none: it may be a
// relative path, and an engine has its settings named.
func passes(name string) bool {
	switch name {
	case "HOME", "USER", "LOGNAME", "PATH",
		"DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DESKTOP_SESSION",
		"DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS",
		"LANG", "LANGUAGE", "TZ",
		"SSL_CERT_FILE", "SSL_CERT_DIR":
		return true
	case "TMPDIR":
		return runtime.GOOS == "darwin" // where it is a folder of the user's own
	}
	return strings.HasPrefix(name, "XDG_") || strings.HasPrefix(name, "LC_") || isProxy(name)
}

// isProxy reports whether the variable names a proxy, or what needs none. Both
// spellings are usual.
func isProxy(name string) bool {
	switch strings.ToLower(name) {
	case "http_proxy", "https_proxy", "all_proxy", "no_proxy":
		return true
	}
	return false
}
