//go:build linux

package e2e_test

import (
	"fmt"
	"strings"
)

// crash is a point of a refresh at which a process is killed. The package
// documentation of auth/engine lists them.
type crash struct {
	name  string
	spent bool    // the provider has acted by then
	holds holding // what the keychain holds by then
	// arm makes the next process stop at the point; the channel is closed, or
	// receives, when it does.
	arm func(h *headless, p *busProxy) <-chan step
}

// holding is what a keychain holds after a kill.
type holding string

const (
	oldSet     holding = "the old set"
	newRefresh holding = "the old set with the new refresh token"
	newSet     holding = "the new set"
	anySet     holding = "" // not known beforehand
)

// requests are the points around what goes to the provider.
func requests() []crash {
	at := func(path string) func(h *headless, p *busProxy) <-chan step {
		return func(h *headless, _ *busProxy) <-chan step {
			g := newGate()
			h.provider.faults.Set(path, g.fault)
			return g.told()
		}
	}
	return []crash{
		{name: "note written", holds: oldSet, arm: at("/.well-known/openid-configuration")},
		{name: "request sent", holds: oldSet, arm: func(h *headless, _ *busProxy) <-chan step {
			g := newGate()
			h.provider.hold(g, nil)
			return g.told()
		}},
		{name: "provider answered", spent: true, holds: oldSet, arm: func(h *headless, _ *busProxy) <-chan step {
			g := newGate()
			h.provider.hold(nil, g)
			return g.told()
		}},
		{name: "keys asked for", spent: true, holds: newRefresh, arm: at("/jwks")},
	}
}

// told is the gate's reached as a channel of steps.
func (g *gate) told() <-chan step {
	told := make(chan step)
	go func() { <-g.reached; close(told) }()
	return told
}

// keychainPoints are the points at the keychain: both reads, and each change
// before it is made and when it is made, as a run that nobody kills shows them.
func keychainPoints(h *headless, p *busProxy) []crash {
	h.t.Helper()
	changes := h.changesOf(p)
	reads := p.count("read")
	perLoad := h.readsPerLoad(p)
	on := func(match func(step) bool) func(*headless, *busProxy) <-chan step {
		return func(_ *headless, p *busProxy) <-chan step { return p.arm(match) }
	}
	// A read is a search and a question for the secret.
	points := []crash{
		{name: "lock taken", holds: oldSet, arm: on(func(s step) bool { return s.what == "search" && s.nth == perLoad+1 && !s.after })},
		{name: "keychain read", holds: oldSet, arm: on(func(s step) bool { return s.what == "read" && s.nth == 2*perLoad && s.after })},
		{
			name:  "answer received",
			spent: true,
			holds: oldSet,
			arm:   on(func(s step) bool { return s.what == "search" && s.nth == 2*perLoad+1 && !s.after }),
		},
	}
	manifests := 0
	for i, c := range changes {
		if c.item == plant4 && c.what == "write" {
			manifests++
		}
		for _, after := range []bool{false, true} {
			isManifest := c.item == plant4 && c.what == "write"
			done := manifests // saves whose manifest is written by then
			if isManifest && !after {
				done--
			}
			when := "before"
			if after {
				when = "after"
			}
			points = append(points, crash{
				name:  fmt.Sprintf("change %d of %d, %s: %s %s", i+1, len(changes), when, c.what, role(c.item)),
				spent: true, holds: []holding{oldSet, newRefresh, newSet}[done],
				arm: on(func(s step) bool { return s.what == c.what && s.nth == c.nth && s.after == after }),
			})
		}
	}
	if manifests != 2 {
		h.t.Fatalf("a refresh wrote %d manifests, want one for the new refresh token and one for the new set", manifests)
	}
	return append(
		points,
		crash{
			name:  "at the last answer",
			spent: true,
			holds: newSet,
			arm:   on(func(s step) bool { return s.what == "read" && s.nth == reads && s.after }),
		},
	)
}

// role is what an item is for, without the random name of its generation.
func role(item string) string {
	parts := strings.Split(item, "/")
	switch len(parts) {
	case 1:
		return "manifest"
	case 2:
		return parts[1]
	}
	return "chunk " + parts[2]
}
