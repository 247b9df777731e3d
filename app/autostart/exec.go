package autostart

import (
	"strings"
	"unicode"

	"keyfob/auth"
)

// quoteExec writes a program's path as the value of Exec: as a quoted argument,
// then as a text of the file (Desktop Entry Specification, "The Exec key" and
// "Possible value types").
func quoteExec(path string) (string, error) {
	// No program may have an equals sign in its path, and GLib finds none with a
	// percent sign, however it is written.
	if !strings.HasPrefix(path, "/") || strings.ContainsAny(path, "=%") || strings.ContainsFunc(path, unicode.IsControl) {
		return "", &auth.Error{
			Kind: auth.KindFailed,
			Code: auth.CodeAutostart,
			What: "the desktop cannot start a program by the path " + auth.Quote(path),
			Do:   "put keyfob into a folder with a plain name",
			Who:  auth.WhoYou,
		}
	}
	arg := path
	if strings.ContainsAny(arg, " \t\n\"'\\><~|&;$*?#()`") {
		arg = `"` + strings.NewReplacer(`"`, `\"`, "`", "\\`", "$", `\$`, `\`, `\\`).Replace(arg) + `"`
	}
	return strings.ReplaceAll(arg, `\`, `\\`), nil
}

// unescape reads a value of a desktop entry as a text.
func unescape(s string) string {
	return strings.NewReplacer(`\s`, " ", `\n`, "\n", `\t`, "\t", `\r`, "\r", `\\`, `\`).Replace(s)
}

// splitExec takes the value of Exec, unescaped, apart into its arguments.
func splitExec(s string) (words []string) {
	var word strings.Builder
	in, quoted := false, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\' && i+1 < len(s):
			i++
			word.WriteByte(s[i])
		case c == '"':
			in, quoted = true, !quoted
		case c == ' ' && !quoted:
			if in {
				words = append(words, word.String())
				word.Reset()
			}
			in = false
		case c == '%' && i+1 < len(s) && s[i+1] == '%':
			i++
			in = true
			word.WriteByte('%')
		default:
			in = true
			word.WriteByte(c)
		}
	}
	if in {
		words = append(words, word.String())
	}
	return words
}
