//go:build unix

package handover

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestTheNextBuildTakesOver replaces the program of an engine that runs, several
// times. Clients ask all the while: none fails, none finds the lock free, and what
// memory holds is there to the last byte, however much it is.
func TestTheNextBuildTakesOver(t *testing.T) {
	for name, size := range map[string]int{"nothing in memory": 0, "little": 10, "more than a pipe holds": 300_000} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t, "2.0", min(size, 60_000))
			before := strings.SplitN(p.mustAsk(t), " ", 3)[2:]
			end := p.crowd(t)
			for _, build := range []string{"3.0", "1.0"} { // newer, older
				p.install(t, build)
				next := p.wait(t, "serves")
				if next.build != build || next.pid == p.first || !p.locked(t) {
					t.Fatalf("%v serves, want %s; locked: %v", next, build, p.locked(t))
				}
				after := strings.SplitN(p.mustAsk(t), " ", 3)
				if after[0] != build || after[1] != strconv.Itoa(next.pid) || !slices.Equal(after[2:], before) {
					t.Errorf("%v answers, want %v", after, before)
				}
			}
			end("2.0", "3.0", "1.0")
		})
	}
}

// TestANextBuildThatFails leaves the old engine as it was, with all its clients,
// and is not tried again; another one is.
func TestANextBuildThatFails(t *testing.T) {
	for build, want := range map[string]string{
		dies:       "it ended at once",
		babbles:    "it did not answer as keyfob does",
		refuses:    "the settings cannot be read: fix them",
		hangs:      "it did not answer in 3s",
		hangsLater: "it did not answer in 2s",
		"empty":    "",
	} {
		t.Run(build, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t, "2.0", 10)
			before := p.mustAsk(t)
			end := p.crowd(t)
			if build == "empty" { // no program at all
				next := p.program + ".new"
				writeProgram(t, next, []byte("nothing\n"))
				if err := os.Rename(next, p.program); err != nil {
					t.Fatal(err)
				}
			} else {
				p.install(t, "3.0-"+build)
			}
			stays := <-p.events
			if !strings.HasPrefix(stays.what, "stays keyfob was updated, and the new version does not start ("+want) ||
				stays.pid != p.first {
				t.Errorf("got %v, want %q", stays, want)
			}
			if after := p.mustAsk(t); after != before || !p.locked(t) {
				t.Errorf("%s answers, before %s; locked: %v", after, before, p.locked(t))
			}
			if err := os.Chmod(p.program, 0o700); err != nil { // something happens to it, and it is the same file
				t.Fatal(err)
			}
			select {
			case e := <-p.events:
				t.Errorf("the same file was tried again: %v", e)
			case <-time.After(5 * settles):
			}
			p.install(t, "3.1")
			if next := p.wait(t, "serves"); next.build != "3.1" {
				t.Errorf("%v serves", next)
			}
			end("2.0", "3.1")
		})
	}
}

// TestAKillAtEachStep kills the old engine, the new one or both at each step. Then
// one of them serves, or the lock is free and the next can be started. What memory
// holds is there as a whole or not at all, and is not lost while the old one lives.
func TestAKillAtEachStep(t *testing.T) {
	const size = 30_000 // more than a pipe holds
	for _, step := range []string{stopped, atPrepared, hasMemory, atReady, oldStopping} {
		for _, victim := range []string{"old", "new", "both"} {
			t.Run(step+"/"+victim, func(t *testing.T) {
				t.Parallel()
				build := "2.0"
				if step == oldStopping {
					build += "-" + step
				}
				p := newPlace(t, build, size)
				before := p.mustAsk(t)
				p.install(t, "3.0-"+step)
				at := p.wait(t, step)
				hasCome(t, at.pid, "T")
				if step == oldStopping {
					at = event{pid: p.child(t)}
				}
				if step == atReady && victim == "new" {
					hasCome(t, p.first, "Z") // the new one is the engine alone
				}
				if victim != "new" {
					_ = syscall.Kill(p.first, syscall.SIGKILL)
				}
				if victim != "old" {
					_ = syscall.Kill(at.pid, syscall.SIGKILL)
				}
				_ = syscall.Kill(p.first, syscall.SIGCONT)
				_ = syscall.Kill(at.pid, syscall.SIGCONT)
				switch {
				case victim == "new" && step != atReady:
					e := <-p.events
					if after := p.mustAsk(t); after != before || !p.locked(t) || !strings.HasPrefix(e.what, "stays") {
						t.Errorf("%.60s answers, before %.60s; locked: %v; %v", after, before, p.locked(t), e)
					}
				case victim == "old":
					next := p.wait(t, "serves")
					after := strings.SplitN(p.mustAsk(t), " ", 3)
					whole := strings.SplitN(before, " ", 3)[2]
					if next.pid != at.pid || !p.locked(t) || len(after) == 3 && after[2] != whole {
						t.Errorf("%v serves, %.60v answers; locked: %v", next, after, p.locked(t))
					}
					if had := len(after) == 3; (step == hasMemory || step == atReady) != had {
						t.Errorf("at %s the new one had the tokens: %v", step, had)
					}
				default:
					for p.locked(t) {
						time.Sleep(time.Millisecond)
					}
					if answer, err := p.ask(); err == nil {
						t.Errorf("%s answers", answer)
					}
					p.install(t, "4.0")
					p.start(t, 0)
					if after := p.mustAsk(t); !strings.HasPrefix(after, "4.0 ") {
						t.Errorf("%s answers", after)
					}
				}
			})
		}
	}
}
