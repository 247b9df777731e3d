//go:build bench && linux

package bench

import (
	"bytes"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	warmUps   = 10
	calls     = 200      // of each, one at a time
	replySize = 4 * 1024 // bytes of JSON, about
	tokenSize = replySize - 300
)

// token is what every program prints.
var token = strings.Repeat("t", tokenSize)

// contender is one of the programs that are measured beside each other.
type contender struct {
	name   string
	cmd    func() *exec.Cmd
	before func() // puts things in place for a call, unmeasured; nil for nothing
	took   series
}

// call runs the program once, and ends the test where it prints no token.
func (c *contender) call(t *testing.T) time.Duration {
	t.Helper()
	if c.before != nil {
		c.before()
	}
	took, err := c.run()
	if err != "" {
		t.Fatalf("%s: %s", c.name, err)
	}
	return took
}

// run runs the program once, and says what is wrong with what it printed. It may
// be called from any goroutine.
func (c *contender) run() (took time.Duration, wrong string) {
	cmd := c.cmd()
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	began := time.Now()
	err := cmd.Run()
	took = time.Since(began)
	switch {
	case err != nil:
		return 0, err.Error() + " " + said.String()
	case !strings.Contains(out.String(), token):
		return 0, "it printed no token"
	}
	return took, ""
}

// inTurns calls each of them n times, one after the other, so that a noisy moment
// meets all.
func inTurns(t *testing.T, n int, all []*contender) {
	t.Helper()
	for i := range warmUps + n {
		for _, c := range all {
			if took := c.call(t); i >= warmUps {
				c.took = append(c.took, took)
			}
		}
	}
}

// medians prints one row for each, beside the first.
func medians(title string, all []*contender) {
	rows := [][]string{{title, "median", "×first", "p95", "×first"}}
	first := all[0].took
	for _, c := range all {
		rows = append(rows, []string{
			c.name,
			millis(c.took.median()), ratio(c.took.median(), first.median()),
			millis(c.took.at(0.95)), ratio(c.took.at(0.95), first.at(0.95)),
		})
	}
	table(rows)
}

// crowd calls it n times, with as many at a time as said, and returns how long all
// took together, and each.
func (c *contender) crowd(t *testing.T, n, atATime int) (all time.Duration, each series) {
	t.Helper()
	jobs := make(chan struct{}, n)
	for range n {
		jobs <- struct{}{}
	}
	close(jobs)
	var mu sync.Mutex
	var wg sync.WaitGroup
	var failed string
	began := time.Now()
	for range atATime {
		wg.Go(func() {
			for range jobs {
				took, wrong := c.run()
				mu.Lock()
				each = append(each, took)
				if wrong != "" {
					failed = wrong
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if failed != "" {
		t.Fatalf("%s: %s", c.name, failed)
	}
	return time.Since(began), each
}
