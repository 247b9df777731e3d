package explain

import (
	"os"
	"strings"
	"testing"
	"unicode"

	"keyfob/auth"
)

// TestEveryRow holds each row against its own key and against the form of the
// program's errors, in the length that a menu shows.
func TestEveryRow(t *testing.T) {
	seen := make(map[string]bool)
	for _, table := range tables() {
		for _, w := range table {
			key := strings.Join([]string{w.err, w.nums, w.sub, w.text, w.at}, "|")
			if seen[key] {
				t.Errorf("%s stands in the table twice", key)
			}
			seen[key] = true
			for _, r := range w.refusals() {
				if help, _ := Find(r); help.What != w.what || help.Do != w.do || help.Who != w.who {
					t.Errorf("%s is hidden by a row before it, which says %q", key, help.What)
				}
			}
			text := (&auth.Error{What: w.what, Do: w.do, Who: w.who}).Error()
			if n := len([]rune(text)); n > 130 || w.what == "" || w.do == "" || w.who == "" {
				t.Errorf("%q has %d characters, and is for %q", text, n, w.who)
			}
			if strings.HasSuffix(text, ".") || strings.Contains(text, "\n") || unicode.IsUpper([]rune(text)[0]) && !startsWithName(text) {
				t.Errorf("%q does not read as an error of this program", text)
			}
			if w.text != strings.ToLower(w.text) {
				t.Errorf("%s: the text must be in lower case to match", key)
			}
		}
	}
	if len(seen) < 100 {
		t.Errorf("only %d rows", len(seen))
	}
}

// TestTheWordsOfAllRows holds what a person reads of each row, in the order of
// the table, against testdata/rows.txt, which a person reads as a whole before
// it changes. KEYFOB_GOLDEN=1 writes it.
func TestTheWordsOfAllRows(t *testing.T) {
	var b strings.Builder
	for _, table := range tables() {
		for _, w := range table {
			for _, key := range []string{w.err, w.nums, w.sub, w.text, w.at} {
				if key != "" {
					b.WriteString(key + " ")
				}
			}
			b.WriteString("(" + string(w.who) + ")\n    " + (&auth.Error{What: w.what, Do: w.do, Who: w.who}).Error() + "\n")
		}
	}
	const file = "testdata/rows.txt"
	if os.Getenv("KEYFOB_GOLDEN") != "" {
		if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != b.String() {
		t.Errorf("%v: the table reads\n%s", err, b.String())
	}
}

func startsWithName(text string) bool {
	return strings.HasPrefix(text, "Google") || strings.HasPrefix(text, "AD FS")
}

// refusals are what the row is for, one for each of its words.
func (w row) refusals() (all []Refusal) {
	or := func(words string) []string {
		if words == "" {
			return []string{""}
		}
		return strings.Fields(words)
	}
	for _, code := range or(w.err) {
		for _, num := range or(w.nums) {
			for _, sub := range or(w.sub) {
				r := Refusal{Error: code, Suberror: sub, Description: num + " " + w.text}
				if w.at != "" {
					r.Issuer = "https://" + w.at
				}
				all = append(all, r)
			}
		}
	}
	return all
}
