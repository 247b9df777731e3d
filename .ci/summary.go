// Summary reads the output of `go test -json` and prints what a person needs:
// one line for each package, the full output of what failed, the reason of
// each test that was skipped, and at the end a line "N passed, N failed, N
// skipped". It fails when a test failed, and when no test ran at all.
//
// A test with subtests counts as its subtests, and once more only if it failed
// while they all passed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// event is one line of `go test -json`; see `go doc test2json`.
type event struct {
	Action      string
	Package     string
	ImportPath  string // of build output
	Test        string
	Elapsed     float64 // seconds
	Output      string
	FailedBuild string
}

type test struct {
	output   strings.Builder
	children int
	failures int // among the children, at any depth
}

type summary struct {
	out                     io.Writer
	tests                   map[string]*test // by package and test; "" is the package itself
	builds                  map[string]*strings.Builder
	passed, failed, skipped int
	ran                     map[string]int // tests by package
}

func main() {
	s := &summary{out: os.Stdout, tests: map[string]*test{}, builds: map[string]*strings.Builder{}, ran: map[string]int{}}
	if err := s.read(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "summary:", err)
		os.Exit(1)
	}
	if !s.close() {
		os.Exit(1)
	}
}

func (s *summary) read(r io.Reader) error {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				fmt.Fprintf(s.out, "%s", line) // not an event, so a person should see it
			} else {
				s.take(e)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (s *summary) take(e event) {
	switch e.Action {
	case "build-output":
		if s.builds[e.ImportPath] == nil {
			s.builds[e.ImportPath] = &strings.Builder{}
		}
		s.builds[e.ImportPath].WriteString(e.Output)
	case "run":
		s.test(e.Package, e.Test)
		for up := parent(e.Test); up != ""; up = parent(up) {
			s.test(e.Package, up).children++
		}
	case "output":
		s.test(e.Package, e.Test).output.WriteString(e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			s.endPackage(e)
		} else {
			s.endTest(e)
		}
	}
}

func (s *summary) endTest(e event) {
	t := s.test(e.Package, e.Test)
	s.ran[e.Package]++
	switch {
	case e.Action == "fail":
		if t.failures > 0 {
			break // its subtests have been counted and shown
		}
		s.failed++
		for up := parent(e.Test); up != ""; up = parent(up) {
			s.test(e.Package, up).failures++
		}
		s.test(e.Package, "").failures++
		fmt.Fprintf(s.out, "\nFAIL  %s  %s\n%s\n", e.Package, e.Test, t.output.String())
		if up := parent(e.Test); up != "" {
			if said := s.test(e.Package, up).output.String(); said != "" {
				fmt.Fprintf(s.out, "      around it:\n%s\n", said)
			}
		}
	case t.children > 0:
	case e.Action == "skip":
		s.skipped++
		fmt.Fprintf(s.out, "skip  %s  %s: %s\n", e.Package, e.Test, reason(t.output.String()))
	default:
		s.passed++
	}
	delete(s.tests, e.Package+" "+e.Test)
}

func (s *summary) endPackage(e event) {
	p := s.test(e.Package, "")
	switch {
	case e.Action == "fail" && p.failures == 0:
		s.failed++ // it did not build, or it ended outside of a test
		fmt.Fprintf(s.out, "\nFAIL  %s\n", e.Package)
		if b := s.builds[e.FailedBuild]; b != nil {
			fmt.Fprint(s.out, b.String())
		}
		// A test that was running when the process died has no end of its own.
		for key, t := range s.tests {
			if strings.HasPrefix(key, e.Package+" ") {
				fmt.Fprint(s.out, t.output.String())
			}
		}
		fmt.Fprintln(s.out)
	case e.Action == "fail":
		fmt.Fprintf(s.out, "FAIL  %s  %.1fs\n", e.Package, e.Elapsed)
	case s.ran[e.Package] > 0:
		fmt.Fprintf(s.out, "ok    %s  %.1fs\n", e.Package, e.Elapsed)
	}
	delete(s.tests, e.Package+" ")
}

// close prints the last line and reports whether all is well.
func (s *summary) close() bool {
	ok := s.failed == 0
	if s.passed+s.failed+s.skipped == 0 {
		fmt.Fprintln(s.out, "no test ran")
		ok = false
	}
	fmt.Fprintf(s.out, "%d passed, %d failed, %d skipped\n", s.passed, s.failed, s.skipped)
	return ok
}

func (s *summary) test(pkg, name string) *test {
	key := pkg + " " + name
	t := s.tests[key]
	if t == nil {
		t = &test{}
		s.tests[key] = t
	}
	return t
}

// parent is the name of the test that test runs in, or "".
func parent(test string) string {
	if i := strings.LastIndex(test, "/"); i >= 0 {
		return test[:i]
	}
	return ""
}

// reason is why a test was skipped: what it said, without the framing.
func reason(output string) string {
	var said []string
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") {
			said = append(said, line)
		}
	}
	return strings.Join(said, " ")
}
