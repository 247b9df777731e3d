package config

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// repeated writes line once for each number below n.
func repeated(n int, line string) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, line, i)
	}
	return text.String()
}

// TestMoreKeysThanAreRead refuses files that would keep the parser for a minute,
// without handing them to it: it would name the fault in their last line.
func TestMoreKeysThanAreRead(t *testing.T) {
	const want = "keyfob.toml holds more than 40000 keys and tables: check that it is the settings file"
	for name, text := range map[string]string{
		"tables":             repeated(60_000, "[tools.t%d]\n"),
		"keys of one table":  "[tools.a.params]\n" + repeated(maxKeys, "a%d=1\n"),
		"an inline table":    "x = {" + repeated(maxKeys, "a%d=1,") + "z=1}\n",
		"one within a list":  "x = [[{" + repeated(maxKeys, "a%d=1,") + "z=1}]]\n",
		"empty ones":         "x = [" + repeated(maxKeys, "{}, # %d\n") + "]\n",
		"lists of tables":    repeated(maxKeys+1, "[[t]] # %d\n"),
		"one key, many deep": repeated(maxKeys, "a%d.") + "z = 1\n",
	} {
		if _, err := parse("keyfob.toml", []byte(text+"a fault")); err == nil || err.Error() != want {
			t.Errorf("%s: %.200v", name, err)
		}
	}
}

// TestAFullFile reads as many tools as fit into a file, and takes one out.
func TestAFullFile(t *testing.T) {
	const tool = "[tools.t%[1]d]\nname = \"ThingWorx %[1]d\"\nissuer = \"https://idp.example.com/realms/plant\"\n" +
		"home = \"https://plant%[1]d.example.com/Thingworx/Runtime/index.html\"\nclient_id = \"keyfob-%[1]d\"\n" +
		"scopes = [\"openid\", \"profile\", \"offline_access\"]\n" +
		"redirect = \"http://127.0.0.1/callback\"\nparams = { domain_hint = \"example.com\", prompt = \"consent\" }\n" +
		"mandatory_scopes = [\"plant%[1]d.read\"]\n"
	n := MaxFile / len(fmt.Sprintf(tool, 1000))
	text := []byte(repeated(n, tool))
	s, err := parse("keyfob.toml", text)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Tools) != n {
		t.Fatalf("%d tools of %d; the first fault is %v", len(s.Tools), n, s.Bad[0].Err)
	}
	left, removed, err := without("keyfob.toml", text, "t7")
	if err != nil || len(left)+len(removed) != len(text) {
		t.Errorf("%d and %d bytes of %d: %v", len(left), len(removed), len(text), err)
	}
}

// TestALongKey notes places in memory that grows with the file, not with its
// square, although the long key is in the path of each that follows.
func TestALongKey(t *testing.T) {
	taken := func(n int) uint64 {
		text := []byte("[" + strings.Repeat("k", 20*n) + "]\n" + repeated(n, "a%d=1\n"))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		d := &document{at: map[place]int{}}
		if !d.note(text) || len(d.keys) != n+1 {
			t.Fatalf("%d keys of %d", len(d.keys), n+1)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	if once, twice := taken(1000), taken(2000); twice > 3*once {
		t.Errorf("1000 keys take %d bytes, 2000 take %d", once, twice)
	}
}
