package window

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"keyfob/auth"
)

// spanText writes time spans as they are typed.
func spanText(all []time.Duration) string {
	var words []string
	for _, d := range all {
		words = append(words, typedSpan(d))
	}
	return strings.Join(words, ", ")
}

// typedSpan writes a time span in as few letters as it needs.
func typedSpan(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// readSpans reads what people type as a list of time spans: 15m, 1 hour, 90s,
// or a number alone, which means minutes.
func readSpans(s string) ([]time.Duration, error) {
	all := []time.Duration{}
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' }) {
		if strings.TrimSpace(word) == "" {
			continue
		}
		d, err := readSpan(word)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

func readSpan(word string) (time.Duration, error) {
	plainly := strings.ToLower(strings.Join(strings.Fields(word), ""))
	if n, err := strconv.ParseUint(plainly, 10, 16); err == nil {
		return time.Duration(n) * time.Minute, nil
	}
	for _, unit := range [][2]string{
		{"hours", "h"},
		{"hour", "h"},
		{"minutes", "m"},
		{"minute", "m"},
		{"mins", "m"},
		{"min", "m"},
		{"seconds", "s"},
		{"second", "s"},
		{"secs", "s"},
		{"sec", "s"},
	} {
		plainly = strings.ReplaceAll(plainly, unit[0], unit[1])
	}
	d, err := time.ParseDuration(plainly)
	if err != nil || d <= 0 {
		return 0, errors.New(
			"“" + auth.Line(strings.TrimSpace(word), 20) + "” is no time. Write 15m, 1h or 90s, with commas between several.",
		)
	}
	return d, nil
}
