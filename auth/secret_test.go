package auth_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log"
	"log/slog"
	"strings"
	"testing"

	"keyfob/auth"
)

// TestNothingPrintsASecret prints one, alone and within others, in every way that
// Go has for it.
func TestNothingPrintsASecret(t *testing.T) {
	const canary = "canary-secret"
	s := auth.Secret(canary)
	type holder struct {
		One  auth.Secret
		Many []auth.Secret
	}
	within := holder{s, []auth.Secret{s}}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		fmt.Fprintf(&out, verb+"\n", s)
		fmt.Fprintf(&out, verb+"\n", within)
	}
	fmt.Fprintln(&out, s, &s, within, &within)
	log.New(&out, "", 0).Println(s, within)
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("signed in", "token", s, "all", within, "pointer", &s)
	}
	asJSON, err := json.Marshal(map[string]any{"s": s, "within": within})
	if err != nil {
		t.Fatal(err)
	}
	asXML, err := xml.Marshal(within)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(asJSON)
	out.Write(asXML)
	all := out.String()
	for _, form := range []string{canary, fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary)} {
		if strings.Contains(all, form) {
			t.Errorf("a secret was printed as %s", form)
		}
	}
	if n := strings.Count(all, "[secret]"); n < 30 {
		t.Errorf("it was printed %d times:\n%s", n, all)
	}
}
