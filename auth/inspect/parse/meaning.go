package parse

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"keyfob/auth/inspect"
)

// word explains one claim.
type word struct {
	name    string
	meaning string
	inID    string            // where it means something else in an ID token
	time    bool              // seconds since 1970 (RFC 7519 section 2), or a date
	values  map[string]string // what some values mean, added to the meaning
}

// words explains claims by name, and knows the order in which they are read
// best.
type words struct {
	use   use
	all   []word
	index map[string]int
}

// dictionary returns the words for a token's use.
func dictionary(u use) *words {
	if u == header {
		return headerWords()
	}
	if u == idToken {
		return idWords()
	}
	return accessWords()
}

var (
	headerWords = sync.OnceValue(func() *words { return newWords(header, headerClaims()) })
	idWords     = sync.OnceValue(func() *words { return newWords(idToken, standardClaims(), providerClaims()) })
	accessWords = sync.OnceValue(func() *words { return newWords(accessToken, standardClaims(), providerClaims()) })
)

func newWords(u use, lists ...[]word) *words {
	w := &words{use: u, index: map[string]int{}}
	for _, list := range lists {
		for _, one := range list {
			if _, twice := w.index[one.name]; !twice {
				w.index[one.name] = len(w.all)
				w.all = append(w.all, one)
			}
		}
	}
	return w
}

// place is where a claim comes in order: unknown ones are last.
func (w *words) place(name string) int {
	if i, ok := w.index[name]; ok {
		return i
	}
	return len(w.all)
}

// explain fills in what the claim means.
func (w *words) explain(c *inspect.Claim, name string) {
	i, known := w.index[name]
	if !known {
		c.Meaning = kinship(name)
	} else {
		one := w.all[i]
		c.Meaning = one.meaning
		if w.use == idToken && one.inID != "" {
			c.Meaning = one.inID
		}
		if one.time {
			c.At = moment(c.Value)
		}
		if !c.Hidden && !c.Cut {
			c.Meaning = join(c.Meaning, valueWords(one.values, c.Value))
		}
	}
	if c.Hidden {
		c.Meaning = join(c.Meaning, "it looks like a secret, so it is not shown")
	}
}

// valueWords explains what a value, or each value of a list, means.
func valueWords(values map[string]string, value string) string {
	if len(values) == 0 {
		return ""
	}
	var out []string
	for _, v := range strings.Split(value, ", ") {
		if text := values[v]; text != "" {
			out = append(out, text)
		}
	}
	return strings.Join(out, ", ")
}

func join(meaning, more string) string {
	switch {
	case more == "":
		return meaning
	case meaning == "":
		return more
	}
	return meaning + ": " + more
}

// kinship explains a claim by the look of its name.
func kinship(name string) string {
	switch {
	case strings.HasPrefix(name, "xms_"):
		return "Microsoft's own, which no program should rely on"
	case strings.HasPrefix(name, "extension_"):
		return "an attribute that the directory was extended by"
	case strings.HasPrefix(name, "cognito:"), strings.HasPrefix(name, "custom:"):
		return "an attribute of the user pool"
	case strings.HasPrefix(name, "http://schemas.microsoft.com/"), strings.HasPrefix(name, "http://schemas.xmlsoap.org/"):
		return "a claim of Windows, named by its address"
	case strings.HasPrefix(name, "https://"), strings.HasPrefix(name, "http://"), strings.HasPrefix(name, "urn:"):
		return "made for this provider's own programs, named by an address"
	}
	return ""
}

// moment reads seconds since 1970, or a date of RFC 3339. Anything else, or
// what is far from today, is no time.
func moment(value string) time.Time {
	if s, err := strconv.ParseFloat(value, 64); err == nil {
		if s < 0 || s >= 1<<33 { // the year 2242; larger ones are milliseconds
			return time.Time{}
		}
		return time.Unix(int64(s), 0).UTC()
	}
	if t, err := time.Parse(time.RFC3339, value); err == nil && t.Year() >= 1970 && t.Year() < 2242 {
		return t.UTC().Truncate(time.Second)
	}
	return time.Time{}
}
