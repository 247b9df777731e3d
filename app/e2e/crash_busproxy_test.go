//go:build linux

package e2e_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
)

// busProxy stands between programs and the session bus, sees what they ask of the
// keychain, and can hold one question or its answer: so a test kills a process
// at a chosen point of its work with a real keychain, which knows of nothing.
type busProxy struct {
	t       *testing.T
	address string // for DBUS_SESSION_BUS_ADDRESS
	bus     string // the real bus's socket

	mu     sync.Mutex
	steps  []step         // what was asked since the last arm, in order
	counts map[string]int // how many of a kind
	hold   func(s step) bool
	held   chan step // told when hold said so, once
	free   chan bool // closed by goOn; drop sends false
}

// step is one call of the Secret Service.
type step struct {
	what  string // "search", "read", "write" or "delete"
	item  string // the item's name
	nth   int    // of its kind since arm, from 1
	after bool   // its answer, not the question
	save  int    // of a refresh: the one that it is a change of, from 1
}

// kinds are the calls that a step stands for.
var kinds = map[string]string{"SearchItems": "search", "GetSecret": "read", "CreateItem": "write", "Delete": "delete"}

// change reports whether the step changes something.
func (s step) change() bool { return s.what == "write" || s.what == "delete" }

func newBusProxy(h *headless) *busProxy {
	h.t.Helper()
	path := filepath.Join(h.Dir, "tap")
	l, err := net.Listen("unix", path)
	if err != nil {
		h.t.Fatal(err)
	}
	p := &busProxy{t: h.t, address: "unix:path=" + path, bus: strings.TrimPrefix(h.bus, "unix:path=")}
	p.arm(nil)
	var open sync.WaitGroup
	h.t.Cleanup(func() {
		_ = l.Close()
		p.drop()
		h.endEngines() // which would keep their connections for a minute
		open.Wait()
	})
	open.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() { p.serve(client) })
		}
	})
	return p
}

// arm forgets what was seen and holds the first step for which hold is true.
// The channel tells when.
func (p *busProxy) arm(hold func(step) bool) <-chan step {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.steps, p.counts, p.hold = nil, map[string]int{}, hold
	p.held, p.free = make(chan step, 1), make(chan bool, 64)
	return p.held
}

// goOn lets what is held go on; drop throws it away and ends its connection.
// Both let everything pass from now on.
func (p *busProxy) goOn() { p.release(true) }
func (p *busProxy) drop() { p.release(false) }

func (p *busProxy) release(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hold != nil {
		p.free <- on
	}
	p.hold = nil
}

// seen is what was asked since the last arm.
func (p *busProxy) seen() []step {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]step(nil), p.steps...)
}

// count is how many calls of a kind there were since the last arm.
func (p *busProxy) count(what string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.counts[what]
}

// pass notes a step and holds it if it is the one. It reports whether the
// message goes on.
func (p *busProxy) pass(s *step, end <-chan struct{}) bool {
	p.mu.Lock()
	if !s.after {
		p.counts[s.what]++
		s.nth = p.counts[s.what]
		p.steps = append(p.steps, *s)
	}
	if p.hold == nil || !p.hold(*s) || len(p.held) > 0 {
		p.mu.Unlock()
		return true
	}
	p.held <- *s
	free := p.free
	p.hold = func(step) bool { return false }
	p.mu.Unlock()
	select {
	case on := <-free:
		return on
	case <-end:
		return false
	}
}

// serve copies one connection, message by message.
func (p *busProxy) serve(client net.Conn) {
	bus, err := net.Dial("unix", p.bus)
	if err != nil {
		_ = client.Close()
		return
	}
	var (
		once  sync.Once
		end   = make(chan struct{})
		both  sync.WaitGroup
		mu    sync.Mutex
		asked = map[uint32]step{} // by serial
		last  string              // the item that was searched for last
	)
	hangUp := func() { once.Do(func() { close(end); _ = client.Close(); _ = bus.Close() }) }
	defer hangUp()
	both.Go(func() {
		defer hangUp()
		_ = copyMessages(bus, client, func(m *dbus.Message) bool {
			what, ok := kinds[text(m, dbus.FieldMember)]
			if m.Type != dbus.TypeMethodCall || !ok || text(m, dbus.FieldDestination) != "org.freedesktop.secrets" {
				return true
			}
			mu.Lock()
			s := step{what: what, item: last}
			if name := itemOf(m); name != "" {
				s.item, last = name, name
			}
			mu.Unlock()
			if !p.pass(&s, end) {
				return false
			}
			mu.Lock()
			asked[m.Serial()] = s
			mu.Unlock()
			return true
		})
	})
	both.Go(func() {
		defer hangUp()
		_ = copyMessages(client, bus, func(m *dbus.Message) bool {
			serial, ok := m.Headers[dbus.FieldReplySerial].Value().(uint32)
			mu.Lock()
			s, mine := asked[serial]
			mu.Unlock()
			if !ok || !mine {
				return true
			}
			s.after = true
			return p.pass(&s, end)
		})
	})
	both.Wait()
}

// text is a header field that holds a string.
func text(m *dbus.Message, f dbus.HeaderField) string {
	s, _ := m.Headers[f].Value().(string)
	return s
}

// itemOf is the name of the item that a search or a write is about, or empty.
func itemOf(m *dbus.Message) string {
	if len(m.Body) == 0 {
		return ""
	}
	switch b := m.Body[0].(type) {
	case map[string]string:
		return b["username"]
	case map[string]dbus.Variant:
		attributes, _ := b["org.freedesktop.Secret.Item.Attributes"].Value().(map[string]string)
		return attributes["username"]
	}
	return ""
}

// copyMessages copies the lines of the authentication and then the messages
// that pass lets through.
func copyMessages(to io.Writer, from io.Reader, pass func(*dbus.Message) bool) error {
	in := bufio.NewReader(from)
	for {
		head, err := in.Peek(2)
		if err != nil {
			return err
		}
		var raw []byte
		message := (head[0] == 'l' || head[0] == 'B') && head[1] < ' ' // a line has a letter there
		if message {
			raw, err = readMessage(in)
		} else {
			raw, err = in.ReadBytes('\n')
		}
		if err != nil {
			return err
		}
		if message {
			m, err := dbus.DecodeMessage(bytes.NewReader(raw))
			if err != nil {
				return err
			}
			if !pass(m) {
				return errDropped
			}
		}
		if _, err := to.Write(raw); err != nil {
			return err
		}
	}
}

var errDropped = errors.New("dropped")

// readMessage reads one message as it is.
func readMessage(in *bufio.Reader) ([]byte, error) {
	head, err := in.Peek(16)
	if err != nil {
		return nil, err
	}
	var order binary.ByteOrder = binary.LittleEndian
	if head[0] == 'B' {
		order = binary.BigEndian
	}
	fields := (int(order.Uint32(head[12:])) + 7) &^ 7
	raw := make([]byte, 16+fields+int(order.Uint32(head[4:])))
	_, err = io.ReadFull(in, raw)
	return raw, err
}
