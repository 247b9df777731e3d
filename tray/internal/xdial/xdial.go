//go:build linux || freebsd || openbsd || netbsd

// Package xdial connects to the X server that DISPLAY names, as X's own
// libraries do: also by the abstract socket, which is all that a program sees
// whose /tmp is not the server's, and always within a deadline. It must never
// hand what belongs on this person's screen to a socket that another user made.
package xdial

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jezek/xgb"
)

// folder is where X servers have their sockets.
const folder = "/tmp/.X11-unix/X"

// quiet keeps xgb from writing to stderr, where it tells of every connection
// that ends and of screens without access control.
var quiet = sync.OnceFunc(func() { xgb.Logger.SetOutput(io.Discard) })

// Conn is a connection whose end waits for nobody.
type Conn struct {
	*xgb.Conn
	raw net.Conn
}

// Close ends the connection at once, also when the server answers nothing.
// What was sent before is still received.
func (c *Conn) Close() { _ = c.raw.Close() }

// Dial connects to the display of the environment before ctx ends.
func Dial(ctx context.Context) (*Conn, error) { return DialDisplay(ctx, os.Getenv("DISPLAY")) }

// DialDisplay connects to a display before ctx ends.
func DialDisplay(ctx context.Context, display string) (*Conn, error) {
	quiet()
	at, err := parse(display)
	if err != nil {
		return nil, err
	}
	raw, err := at.dial(ctx)
	if err != nil {
		return nil, err
	}
	// A server that hangs accepts and says nothing.
	stop := context.AfterFunc(ctx, func() { _ = raw.SetDeadline(time.Unix(1, 0)) })
	x, err := xgb.NewConnNet(&greeter{Conn: raw, hello: at.hello(os.Getenv)})
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		_ = raw.Close()
		return nil, err
	}
	x.DisplayNumber, x.DefaultScreen = at.number, at.screen
	return &Conn{Conn: x, raw: raw}, nil
}

// address is a parsed DISPLAY: [HOST]:NUMBER[.SCREEN], or a socket's path
// before the colon.
type address struct {
	protocol, host, path string
	number, screen       int
}

func parse(display string) (address, error) {
	bad := errors.New("bad DISPLAY")
	host, rest, ok := cutLast(display, ":")
	if !ok {
		return address{}, bad
	}
	number, screen, hasScreen := strings.Cut(rest, ".")
	a := address{host: host}
	var err error
	if a.number, err = strconv.Atoi(number); err != nil || a.number < 0 {
		return address{}, bad
	}
	if hasScreen {
		if a.screen, err = strconv.Atoi(screen); err != nil || a.screen < 0 {
			return address{}, bad
		}
	}
	if strings.HasPrefix(host, "/") {
		a.host, a.path = "", host+":"+number
		return a, nil
	}
	if protocol, name, ok := cutLast(host, "/"); ok {
		a.protocol, a.host = protocol, name
	}
	if a.host == "unix" || a.protocol == "unix" {
		a.host = ""
	}
	return a, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

func (a address) dial(ctx context.Context) (net.Conn, error) {
	var d net.Dialer
	switch {
	case a.path != "":
		return d.DialContext(ctx, "unix", a.path)
	case a.host != "":
		protocol := a.protocol
		if protocol == "" {
			protocol = "tcp"
		}
		return d.DialContext(ctx, protocol, net.JoinHostPort(a.host, strconv.Itoa(6000+a.number)))
	}
	name := folder + strconv.Itoa(a.number)
	conn, err := d.DialContext(ctx, "unix", name)
	if err == nil || runtime.GOOS != "linux" {
		return conn, err
	}
	abstract, abstractErr := d.DialContext(ctx, "unix", "@"+name)
	if abstractErr != nil {
		return nil, err
	}
	// Whoever comes first has an abstract name, so who that was is looked at.
	if !trusted(abstract) {
		_ = abstract.Close()
		return nil, errors.New("the display's abstract socket belongs to another user")
	}
	return abstract, nil
}
