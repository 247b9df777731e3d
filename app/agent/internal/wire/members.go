package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"time"
)

// A command is started for each token that a script wants, and asks once. For one
// line, encoding/json spends ten times as long on learning the types as on the
// line; so the members of a token's request and reply are read and written here
// one by one. TestMembersAreThoseOfJSON holds that it makes no difference.

// byMember is a part of a line that is read member by member.
type byMember interface {
	// member takes a member of the object. One that is unknown is passed over.
	member(name string, value []byte) error
}

// written is a request that writes its own members.
type written interface {
	// appendTo adds them to a line that has some already.
	appendTo(line []byte) []byte
}

var errNoObject = errors.New("not an object")

// readMembers hands each member of an object, which is valid JSON, to its reader.
func readMembers(object []byte, to byMember) error {
	rest := bytes.TrimSpace(object)
	if len(rest) == 0 || rest[0] != '{' {
		return errNoObject
	}
	for rest = skip(rest[1:]); rest[0] != '}'; {
		end := valueEnd(rest)
		var name string
		if err := read(rest[:end], &name); err != nil {
			return err
		}
		rest = skip(skip(rest[end:])[1:]) // the colon
		end = valueEnd(rest)
		if err := to.member(name, rest[:end]); err != nil {
			return err
		}
		if rest = skip(rest[end:]); rest[0] == ',' {
			rest = skip(rest[1:])
		}
	}
	return nil
}

func skip(s []byte) []byte {
	for s[0] == ' ' || s[0] == '\t' || s[0] == '\r' || s[0] == '\n' {
		s = s[1:]
	}
	return s
}

// valueEnd is where the value ends that s begins with.
func valueEnd(s []byte) int {
	depth := 0
	for i := 0; ; i++ {
		switch s[i] {
		case '"':
			i += stringEnd(s[i:]) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 { // of what the value is in
				return i
			}
			depth--
		case ',', ':', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
			continue
		default: // a letter or digit
			continue
		}
		if depth == 0 {
			return i + 1
		}
	}
}

// stringEnd is where the string ends that s begins with.
func stringEnd(s []byte) int {
	for i := 1; ; i++ {
		i += bytes.IndexByte(s[i:], '"')
		escapes := 0
		for s[i-1-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return i + 1
		}
	}
}

// read reads a value as encoding/json does, and the usual ones without it.
func read(value []byte, to any) error {
	switch to := to.(type) {
	case *string:
		if isPlain(value) {
			*to = string(value[1 : len(value)-1])
			return nil
		}
	case *bool:
		if text := string(value); text == "true" || text == "false" {
			*to = text == "true"
			return nil
		}
	case *int:
		if n, err := strconv.Atoi(string(value)); err == nil {
			*to = n
			return nil
		}
	case *time.Time:
		return to.UnmarshalJSON(value)
	}
	return json.Unmarshal(value, to)
}

// isPlain reports whether value is a string that means what stands there.
func isPlain(value []byte) bool {
	if value[0] != '"' {
		return false
	}
	for _, c := range value {
		if c == '\\' || c >= 0x80 {
			return false
		}
	}
	return true
}

// appendMember adds a member of an object that has some already.
func appendMember(line []byte, name, value string) []byte {
	return append(append(append(append(line, `,"`...), name...), `":`...), value...)
}

// quoted is s as encoding/json writes it.
func quoted(s string) string {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			text, _ := json.Marshal(s) // of a string there is no error
			return string(text)
		}
	}
	return `"` + s + `"`
}
