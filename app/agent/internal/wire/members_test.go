package wire

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
)

// TestMembersAreThoseOfJSON fills every field that there is, and compares what is
// read and written member by member with what encoding/json makes of the same.
func TestMembersAreThoseOfJSON(t *testing.T) {
	for _, text := range []string{"plain", `a "quoted" \ <b>&c`, "ü\u2028\x01\x7f", ""} {
		var req TokenRequest
		fill(reflect.ValueOf(&req).Elem(), text)
		want, err := encode(RequestHead{V: version, Op: string(OpToken)}, req)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := encodeRequest(OpToken, req); err != nil || string(got) != string(want) {
			t.Errorf("request %s, %v, want %s", got, err, want)
		}
		var head ReplyHead
		fill(reflect.ValueOf(&head).Elem(), text)
		sameByJSON(t, head, &ReplyHead{})
		var rep TokenReply
		fill(reflect.ValueOf(&rep).Elem(), text)
		sameByJSON(t, rep, &TokenReply{})
	}
}

// fill sets whatever can be set.
func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2027, 1, 2, 3, 4, 5, 6, time.UTC)))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), text)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), text)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), text)
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(12345)
	}
}

// sameByJSON has v written by encoding/json and read again member by member.
func sameByJSON[T any](t *testing.T, v T, got *T) {
	t.Helper()
	for _, indent := range []string{"", " \t\r\n"} {
		text, err := json.MarshalIndent(v, indent, indent)
		if err != nil {
			t.Fatal(err)
		}
		want := new(T)
		if err := json.Unmarshal(text, want); err != nil {
			t.Fatal(err)
		}
		if err := decode(text, got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n%+v, %v, want\n%+v", text, got, err, want)
		}
	}
	if _, byHand := any(got).(byMember); !byHand {
		t.Errorf("%T is not read member by member", v)
	}
}

// FuzzMembers reads any line both ways.
func FuzzMembers(f *testing.F) {
	for _, line := range []string{
		`{"v":2,"ok":true,"tokens":{"access":"a\"b","account":{"email":"x"},"scopes":["a",null],"expiry":"2027-01-02T03:04:05Z"}}`,
		` { "v" : 2 , "ok":true, "tokens" : null , "address":"\u00fc", "waits":{"kind":"setup","what":"x"}} `,
		`{"v":2e0}`, `{"v":2,"v":3}`, `{}`, `[]`, `null`, `"x"`, `{"tokens":{"access":1}}`, `{"tokens":{"expiry":"x"}}`, `{"error":{"what":"\\"}}`,
		`{"tokens":{"account":null,"scopes":null,"set":null}}`, `{"a":{"b":[{"c":"]}"}]},"v":2}`, `{"ok":null,"v":null}`,
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		if otherCase(line) {
			return
		}
		bothWays(t, line, &ReplyHead{}, &ReplyHead{})
		bothWays(t, line, &TokenReply{}, &TokenReply{})
	})
}

// otherCase reports whether encoding/json may take a member for one that is spelled
// in another case, or that came before: no engine does either.
func otherCase(line []byte) bool {
	lower := strings.ToLower(string(line))
	return lower != string(line) || strings.ContainsAny(lower, "ſ\\") || strings.Contains(lower, "\u212a") || repeats(lower)
}

func repeats(line string) bool {
	for _, name := range []string{`"tokens"`, `"account"`, `"error"`, `"waits"`, `"scopes"`} {
		if strings.Count(line, name) > 1 {
			return true
		}
	}
	return false
}

func bothWays[T any](t *testing.T, line []byte, got, want *T) {
	t.Helper()
	wanted := json.Unmarshal(line, want)
	err := decode(line, got)
	if strings.TrimSpace(string(line)) == "null" {
		return // says nothing, which is refused later
	}
	if (err == nil) != (wanted == nil) || err == nil && !reflect.DeepEqual(got, want) {
		t.Fatalf("%q:\n%+v, %v, want\n%+v, %v", line, got, err, want, wanted)
	}
}

// TestMemberByMember holds what is told apart.
func TestMemberByMember(t *testing.T) {
	for line, code := range map[string]string{
		`{"v":2,"ok":true,"tokens":"of another build"}`:         auth.CodeAgentVersion,
		`{"v":2,"ok":true,"tokens":{"access":["a"]}}`:           auth.CodeAgentVersion,
		`{"v":2,"ok":true,"tokens":{"expiry":"yesterday"}}`:     auth.CodeAgentVersion,
		`{"v":2,"ok":true,"tokens":{"account":"ann"}}`:          auth.CodeAgentVersion,
		`{"v":3,"ok":"yes"}`:                                    auth.CodeAgentVersion,
		`{"v":"2","ok":true}`:                                   auth.CodeAgentReply,
		`{"v":2,"ok":true,"tokens":{"access":"a"}`:              auth.CodeAgentReply,
		`{"v":2,"ok":true,"error":{"kind":"setup","what":"x"}}`: auth.CodeAgentReply,
		`[{"v":2,"ok":true}]`:                                   auth.CodeAgentReply,
		"":                                                      auth.CodeAgentReply,
	} {
		if _, err := decodeReply(OpToken, []byte(line)); auth.AsError(err) == nil || auth.AsError(err).Code != code {
			t.Errorf("%s: %v, want %s", line, err, code)
		}
	}
}
