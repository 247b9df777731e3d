package ssosettings_test

import (
	"strings"
	"testing"

	"keyfob/app/ssosettings"
)

// TestLargeFiles reads large files whose parts are as small as can be, so that work for each part that grows with the file would show as a
// test that does not end.
func TestLargeFiles(t *testing.T) {
	const size = ssosettings.MaxFile / 4
	for name, text := range map[string]string{
		"numbers":      "{\"a\": [" + strings.Repeat("1,\n", size/3-10) + "1]}",
		"empty texts":  "{\"a\": [" + strings.Repeat("\"\",", size/3-10) + "1]}",
		"slips":        "{" + strings.Repeat(",\n", size/2-10) + "}",
		"open quotes":  "{\"a\": " + strings.Repeat("\"\n", size/2-10),
		"curly quotes": "{\"a\": [" + strings.Repeat("“”,", size/7-10) + "]}",
		"servers":      "{\"AuthorizationServersSettings\": {" + strings.Repeat("\"a\":{},", size/7-10) + "}}",
	} {
		if len(text) > size {
			t.Errorf("%s: the test's file has %d bytes", name, len(text))
		}
		s, err := ssosettings.Read([]byte(text), true)
		if err == nil && len(s.Slips) > 1000 {
			t.Errorf("%s: %d slips are kept", name, len(s.Slips))
		}
	}
}
