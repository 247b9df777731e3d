//go:build linux || freebsd || openbsd || netbsd

package wayland

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"time"
)

// texts are the types of a text, the best first.
var texts = [...]string{"text/plain;charset=utf-8", "UTF8_STRING", "text/plain", "TEXT", "STRING"}

// Read copies the text that is on the clipboard to w, as any other program
// would paste it, and nothing where there is no text. An error of w ends it.
func Read(ctx context.Context, w io.Writer) error {
	c, err := dial(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	offered := c.offers[c.current]
	i := slices.IndexFunc(texts[:], func(kind string) bool { return slices.Contains(offered, kind) })
	if i < 0 {
		return nil
	}
	r, hand, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	err = c.within(ctx, func() error { return c.pass(hand, texts[i]) })
	if err = errors.Join(err, hand.Close()); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = r.SetReadDeadline(time.Unix(1, 0)) })
	_, err = io.Copy(w, r)
	if !stop() {
		return errors.Join(ctx.Err(), err)
	}
	return err
}

// pass has the selection's owner write to a pipe.
func (c *client) pass(to *os.File, kind string) error {
	raw, err := to.SyscallConn()
	if err != nil {
		return err
	}
	var sent error
	err = raw.Control(func(fd uintptr) { sent = c.sendFile(c.current, offerReceive, int(fd), kind) })
	if err = errors.Join(err, sent); err != nil {
		return err
	}
	return c.roundTrip(nil)
}

// Offered reports why there is no data control here; nil means that there is.
func Offered(ctx context.Context) error {
	c, err := dial(ctx)
	if err != nil {
		return err
	}
	c.close()
	return nil
}
