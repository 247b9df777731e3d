//go:build linux || freebsd || openbsd || netbsd

// Package wayland is the part of a Wayland client that owns and reads the
// clipboard without a window: the protocol ext-data-control-v1, and
// wlr-data-control-unstable-v1 where the compositor has only that. Both are the
// same messages under different names.
//
// It speaks the wire protocol itself, which for this takes five interfaces. It
// must never show anything, never touch the primary selection, and never trust
// the other end with its memory or its time: what is read is bounded and every
// transfer ends.
package wayland

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// ErrNoDataControl says that the compositor gives the clipboard to windows
// alone, as GNOME's does.
var ErrNoDataControl = errors.New("the compositor offers no data control")

// ErrNoSeat says that the session has neither keyboard nor mouse, to which a
// clipboard belongs.
var ErrNoSeat = errors.New("the compositor has no seat")

// display is the one object that is there from the start.
const display = 1

// Requests and events that are used, by interface (wayland.xml and
// ext-data-control-v1.xml).
const (
	displaySync, displayGetRegistry = 0, 1
	displayError                    = 0
	registryBind                    = 0
	registryGlobal                  = 0
	managerCreateSource             = 0
	managerGetDevice                = 1
	deviceSetSelection              = 0
	deviceDataOffer                 = 0
	deviceSelection                 = 1
	deviceFinished                  = 2
	devicePrimary                   = 3
	sourceOffer                     = 0
	sourceSend, sourceCancelled     = 0, 1
	offerReceive, offerDestroy      = 0, 1
	offerType                       = 0
)

// client is a connection with a data control device for its first seat.
type client struct {
	*wire
	last    uint32 // object that was made
	device  uint32
	manager uint32
	offers  map[uint32][]string // what was announced, by object, with its types
	current uint32              // the offer that is the selection, 0 for none
	gone    bool                // the seat went away
}

// dial connects to the compositor before ctx ends.
func dial(ctx context.Context) (*client, error) {
	name := os.Getenv("WAYLAND_DISPLAY")
	if name == "" {
		name = "wayland-0"
	}
	if !filepath.IsAbs(name) {
		dir := os.Getenv("XDG_RUNTIME_DIR")
		if !filepath.IsAbs(dir) {
			return nil, errors.New("XDG_RUNTIME_DIR is not set")
		}
		name = filepath.Join(dir, name)
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", name)
	if err != nil {
		return nil, err
	}
	c := &client{wire: &wire{conn: conn.(*net.UnixConn)}, last: display, offers: map[uint32][]string{}}
	if err := c.within(ctx, c.setUp); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// within runs f, which ends with ctx.
func (c *client) within(ctx context.Context, f func() error) error {
	stop := context.AfterFunc(ctx, func() { _ = c.conn.SetDeadline(time.Unix(1, 0)) })
	err := f()
	if !stop() {
		return errors.Join(ctx.Err(), err)
	}
	return err
}

// setUp binds what is needed and learns what the selection is.
func (c *client) setUp() error {
	type global struct {
		name    uint32
		version uint32
	}
	found := map[string]global{}
	registry := c.newID()
	if err := c.send(display, displayGetRegistry, registry); err != nil {
		return err
	}
	err := c.roundTrip(func(m message) error {
		if m.object != registry || m.opcode != registryGlobal {
			return nil
		}
		name, kind, version := m.uint(), m.text(), m.uint()
		if _, have := found[kind]; !have {
			found[kind] = global{name, version}
		}
		return m.err()
	})
	if err != nil {
		return err
	}
	bind := func(kind string) (uint32, error) {
		id := c.newID()
		return id, c.send(registry, registryBind, found[kind].name, kind, uint32(1), id)
	}
	kinds := []string{"ext_data_control_manager_v1", "zwlr_data_control_manager_v1"}
	i := slices.IndexFunc(kinds, func(kind string) bool { return found[kind].version > 0 })
	if i < 0 {
		return ErrNoDataControl
	}
	if found["wl_seat"].version == 0 {
		return ErrNoSeat
	}
	seat, err := bind("wl_seat")
	if err != nil {
		return err
	}
	if c.manager, err = bind(kinds[i]); err != nil {
		return err
	}
	c.device = c.newID()
	if err := c.send(c.manager, managerGetDevice, c.device, seat); err != nil {
		return err
	}
	if err := c.roundTrip(nil); err != nil {
		return err
	}
	if c.gone {
		return ErrNoSeat
	}
	return nil
}

// newID is the number of an object that is about to be made. Numbers are not
// used again: a connection makes a dozen.
func (c *client) newID() uint32 {
	c.last++
	return c.last
}

// roundTrip handles messages until the compositor has answered everything
// before. extra, which may be nil, sees them first.
func (c *client) roundTrip(extra func(message) error) error {
	done := c.newID()
	if err := c.send(display, displaySync, done); err != nil {
		return err
	}
	for {
		m, err := c.receive()
		if err != nil {
			return err
		}
		if m.object == done {
			return nil
		}
		if extra != nil {
			if err := extra(m); err != nil {
				return err
			}
		}
		if err := c.handle(m); err != nil {
			return err
		}
	}
}

// handle follows what the selection is.
func (c *client) handle(m message) error {
	switch {
	case m.object == display && m.opcode == displayError:
		object, code, text := m.uint(), m.uint(), m.text()
		return fmt.Errorf("the compositor refuses: object %d, code %d, %q", object, code, text)
	case m.object == c.device && c.device != 0:
		return c.handleDevice(m)
	}
	if types, ok := c.offers[m.object]; ok && m.opcode == offerType {
		const most = 256 // no clipboard has that many forms
		if kind := m.text(); len(types) < most {
			c.offers[m.object] = append(types, kind)
		}
	}
	return m.err()
}

func (c *client) handleDevice(m message) error {
	switch m.opcode {
	case deviceDataOffer:
		c.offers[m.uint()] = nil
	case deviceSelection:
		old := c.current
		c.current = m.uint()
		return errors.Join(m.err(), c.discard(old))
	case devicePrimary:
		return errors.Join(c.discard(m.uint()), m.err())
	case deviceFinished:
		c.gone = true
	}
	return m.err()
}

// discard forgets an offer that is of no use any more.
func (c *client) discard(offer uint32) error {
	if _, ok := c.offers[offer]; !ok {
		return nil
	}
	delete(c.offers, offer)
	return c.send(offer, offerDestroy)
}
