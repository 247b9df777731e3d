//go:build bench && linux

package bench

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"text/tabwriter"
	"time"
)

var (
	bin    = flag.String("bin", "", "the `folder` of keyfob, and of the others in bench below it")
	before = flag.String("before", "", "the `folder` of an earlier build of keyfob, to be measured too")
	idle   = flag.Duration("idle", time.Minute, "how long the trays do nothing")
)

// program is the path of a program that `make bench` built.
func program(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(*bin, name)
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%v; run it with `make bench`", err)
	}
	return path
}

// series is the same measured many times.
type series []time.Duration

// at returns the value below which the share p of all values lies.
func (s series) at(p float64) time.Duration {
	sorted := slices.Sorted(slices.Values(s))
	return sorted[min(int(p*float64(len(sorted))), len(sorted)-1)]
}

func (s series) median() time.Duration { return s.at(0.5) }

func millis(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}

// ratio says how many times b goes into a.
func ratio[N int | time.Duration](a, b N) string {
	if b == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", float64(a)/float64(b))
}

// table prints rows in columns, the first being the header.
func table(rows [][]string) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w)
	for _, row := range rows {
		for _, cell := range row {
			fmt.Fprint(w, cell, "\t")
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w)
	_ = w.Flush()
}
