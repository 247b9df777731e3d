package conformance_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

var update = flag.Bool("update", false, "write RESULTS.md")

// The response modes, in each of which a test runs.
var modes = []string{"query", "form_post"}

// outcomes are what came of the tests, by name and response mode.
type outcomes struct {
	sync.Mutex
	of map[string]string
}

// cases are the tests that are run.
var cases = slices.Concat(tokenTests, providerTests)

// TestRelyingParty runs the table in both response modes.
func TestRelyingParty(t *testing.T) {
	w := newFixture(t)
	came := &outcomes{of: make(map[string]string)}
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			for _, c := range cases {
				if c.mode != "" && c.mode != mode {
					continue
				}
				t.Run(c.name, func(t *testing.T) {
					got := c.outcome(newRig(t, w, mode))
					if got != c.want {
						t.Errorf("%s, want %s", got, c.want)
					}
					came.Lock()
					came.of[c.name+" "+mode] = got
					came.Unlock()
				})
			}
		})
	}
	if t.Failed() || !came.all() {
		return // what was left out with -run says nothing
	}
	results := came.table()
	t.Log("\n" + results)
	if *update {
		if err := os.WriteFile("RESULTS.md", []byte(results), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile("RESULTS.md")
	if err != nil || string(written) != results {
		t.Errorf("RESULTS.md does not say this (%v); go test ./auth/authtest/conformance -update writes it", err)
	}
}

// outcome runs c on r.
func (c test) outcome(r *rig) string {
	if c.prepare != nil {
		c.prepare(r)
	}
	r.start()
	if c.run != nil {
		return c.run(r)
	}
	return r.signIn()
}

func (o *outcomes) all() bool {
	for _, c := range cases {
		for _, mode := range modes {
			if _, ok := o.of[c.name+" "+mode]; !ok && (c.mode == "" || c.mode == mode) {
				return false
			}
		}
	}
	return true
}

// table is RESULTS.md.
func (o *outcomes) table() string {
	var ran, rest strings.Builder
	for _, s := range suite {
		if why := leftOut[s.name]; why != "" {
			fmt.Fprintf(&rest, "| %s | %s | %s |\n", s.name, s.plans, why)
			continue
		}
		c := cases[slices.IndexFunc(cases, func(c test) bool { return c.name == s.name })]
		fmt.Fprintf(&ran, "| %s | %s | %s | %s | %s |\n", s.name, s.plans, c.wants, c.cell(o, "query"), c.cell(o, "form_post"))
	}
	return fmt.Sprintf("# The OpenID Foundation's tests for relying parties\n\n"+
		"Of the suite's %d tests, %d are run here and %d do not apply. Written by `go test ./auth/authtest/conformance -update`, "+
		"and\nchecked by every run.\n\n"+
		"| test | plan | the suite wants | by query | by form_post |\n|---|---|---|---|---|\n%s\n"+
		"## Not run\n| test | plan | why |\n|---|---|---|\n%s", len(suite), len(cases), len(leftOut), ran.String(), rest.String())
}

func (c test) cell(o *outcomes, mode string) string {
	if c.mode != "" && c.mode != mode {
		return "–"
	}
	return o.of[c.name+" "+mode]
}

// TestEveryNameIsAccountedFor holds that each of the suite's tests is either
// run or left out with a reason, and none twice.
func TestEveryNameIsAccountedFor(t *testing.T) {
	names := make(map[string]int)
	for _, s := range suite {
		names[s.name]++
		if names[s.name] > 1 {
			t.Errorf("%s is listed twice", s.name)
		}
		if s.plans == "" {
			t.Errorf("%s is in no plan", s.name)
		}
	}
	places := make(map[string]int)
	for _, c := range cases {
		places[c.name]++
	}
	for name, why := range leftOut {
		places[name]++
		if why == "" {
			t.Errorf("%s is left out without a reason", name)
		}
	}
	for name, n := range places {
		if n > 1 || names[name] == 0 {
			t.Errorf("%s is here %d times, and in the suite %d times", name, n, names[name])
		}
	}
	for name := range names {
		if places[name] == 0 {
			t.Errorf("%s is neither run nor left out", name)
		}
	}
}
