//go:build bench && linux

package bench

import (
	"fmt"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
)

// screenless is a session with a keychain alone.
var screenless = bed.Options{NoDisplay: true, NoTray: true, NoNotes: true}

// engines are `keyfob token` of each build with an engine that runs, and of this
// build with an engine that has many tools.
func engines(t *testing.T, p *provider) (all []*contender, sessions []*session) {
	t.Helper()
	add := func(name string, b build, tools int) {
		s := newSession(t, b, p, tools, screenless)
		began := time.Now()
		s.startEngine()
		s.Wait("the first token", func() bool { return s.token("bench")().Run() == nil })
		fmt.Printf("%s: the first one %s after the start of the engine\n", name, millis(time.Since(began)))
		all, sessions = append(all, &contender{name: name, cmd: s.token("bench")}), append(sessions, s)
	}
	for _, b := range builds(t) {
		add(b.name, b, 2)
	}
	add("keyfob token, 1,000 tools", builds(t)[0], 1000)
	return all, sessions
}

// TestToken measures `keyfob token` while an engine runs, beside one round trip of
// the same size and beside what others have for the same.
func TestToken(t *testing.T) {
	p := startProvider(t)
	all, sessions := engines(t, p)
	b := sessions[0].Bed
	all = slices.Concat([]*contender{bare(t, b)}, all, peers(t, b, p))

	inTurns(t, calls, all)
	medians(fmt.Sprintf("token of 4 KB, %d calls", calls), all)

	crowds(t, all)
	whileAnotherRefreshes(t, p, all[:2], sessions[0])
}

// crowds measures many callers at once.
func crowds(t *testing.T, all []*contender) {
	t.Helper()
	const (
		rounds   = 5
		together = 400
		atATime  = 20
	)
	took, each := make([]series, len(all)), make([]series, len(all))
	for range rounds {
		for i, c := range all {
			total, one := c.crowd(t, together, atATime)
			took[i], each[i] = append(took[i], total), append(each[i], one...)
		}
	}
	rows := [][]string{{fmt.Sprintf("%d calls, %d at a time", together, atATime), "all", "×first", "p95 of one", "×first"}}
	for i, c := range all {
		rows = append(rows, []string{
			c.name,
			millis(took[i].median()), ratio(took[i].median(), took[0].median()),
			millis(each[i].at(0.95)), ratio(each[i].at(0.95), each[0].at(0.95)),
		})
	}
	table(rows)
}

// whileAnotherRefreshes measures calls for one tool while another's refresh is
// under way, at a provider that takes its time.
func whileAnotherRefreshes(t *testing.T, p *provider, all []*contender, s *session) {
	t.Helper()
	s.keep("slow")
	stop := make(chan struct{})
	var wg sync.WaitGroup
	defer wg.Wait()
	defer close(stop)
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				_ = s.token("slow", "--min-valid", "14s")().Run() // its end is no matter
			}
		}
	})
	var idle, busy series
	yardstick, keyfob := all[0], all[1]
	yardstick.took = nil
	for end := time.Now().Add(time.Minute); len(busy) < calls; {
		if time.Now().After(end) {
			t.Fatalf("only %d calls met a refresh", len(busy))
		}
		yardstick.took = append(yardstick.took, yardstick.call(t))
		before := p.waiting.Load()
		took := keyfob.call(t)
		switch {
		case before > 0 && p.waiting.Load() > 0:
			busy = append(busy, took)
		case before == 0:
			time.Sleep(10 * time.Millisecond)
		}
	}
	idle = keyfob.took
	medians("while another tool refreshes (2 s)", []*contender{
		{
			name: yardstick.name,
			took: yardstick.took,
		}, {name: keyfob.name + ", meanwhile", took: busy}, {name: keyfob.name + ", before that", took: idle},
	})
}

// peers are programs that do the same, where they are installed.
func peers(t *testing.T, b *bed.Bed, p *provider) (all []*contender) {
	t.Helper()
	if c := gitCache(t, b); c != nil {
		all = append(all, c)
	}
	if c := oidcAgent(t, b, p); c != nil {
		all = append(all, c)
	}
	return all
}

// installed reports whether programs are there, and says so where one is not.
func installed(names ...string) bool {
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			fmt.Printf("%s is not installed, and so not measured\n", name)
			return false
		}
	}
	return true
}
