//go:build unix

package keychain

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"keyfob/auth"
)

// helperVerb makes this test binary play the child process.
const helperVerb = "keychain-helper"

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == helperVerb {
		play(os.Args[2], os.Args[3:])
		return
	}
	// The race detector would make every child wait a second at its end.
	_ = os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE"))
	os.Exit(m.Run())
}

// helperArgv is the command line of a child that plays part.
func helperArgv(t *testing.T, part string, args ...string) []string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return append([]string{self, helperVerb, part}, args...)
}

// newChild returns a Child that ends with the test.
func newChild(t *testing.T, service string, argv []string, within time.Duration) *Child {
	t.Helper()
	c := NewChild(service, argv, within)
	t.Cleanup(c.Close)
	return c
}

// play plays one part of a child process and ends the process.
func play(part string, args []string) {
	ctx := context.Background()
	check := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	switch part {
	case "serve": // the real thing
		check(ServeChild(ctx, func() {}))
	case "die-at": // the real thing, killed at its Nth change, before or after it
		step, err := strconv.Atoi(args[0])
		check(err)
		w, err := upward()
		check(err)
		check(serve(ctx, w, func() {}, func(service string, _ func(int32)) helperStore {
			d := NewDirect(service)
			v := d.open(false)
			v.sizes = []int{chunkSize}
			v.b = &mortal{backend: v.b, writes: true, left: step, after: args[1] == "after", die: func() {
				self, err := os.FindProcess(os.Getpid())
				check(err)
				check(self.Kill())
				select {}
			}}
			d.open = func(bool) vault { return v }
			return d
		}))
	case "raw": // one call of the keychain, for tests that look at or change items
		s := newSystem(args[0]).backend(true)
		var in struct{ Op, Name, Value string }
		check(json.NewDecoder(os.Stdin).Decode(&in))
		var v string
		var err error
		switch in.Op {
		case "get":
			v, err = s.get(ctx, in.Name)
		case "set":
			err = s.set(ctx, in.Name, in.Value)
		case "remove":
			err = s.remove(ctx, in.Name)
		}
		check(err)
		fmt.Print(v)
	case "hang": // reads nothing, answers nothing, and leaves somebody on the pipe
		check(os.WriteFile(args[0], []byte(strconv.Itoa(os.Getpid())), 0o600))
		c := exec.Command("sleep", "1000")
		c.Stdout = os.Stdin // the wire
		check(c.Start())
		check(os.WriteFile(args[0], fmt.Appendf(nil, "%d %d ", os.Getpid(), c.Process.Pid), 0o600))
		time.Sleep(time.Hour)
	case "die":
		fmt.Fprintln(os.Stderr, "secret-on-stderr")
		os.Exit(3)
	case "flood":
		for {
			if _, err := os.Stdin.WriteString(strings.Repeat("x", 1<<16)); err != nil {
				os.Exit(0)
			}
		}
	case "say": // one answer to the first question
		w, q := asked(check)
		check(w.send(message(strings.Replace(args[0], "ID", strconv.FormatUint(q.ID, 10), 1)), nil))
		_ = read(w, &q)
	case "leave": // answers, and leaves somebody on the wire who is out of reach
		w, q := asked(check)
		c := exec.Command("setsid", "sleep", "1000")
		c.Stdout = os.Stdin
		check(c.Start())
		check(os.WriteFile(args[0], fmt.Appendf(nil, "%d ", c.Process.Pid), 0o600))
		check(write(w, answer{ID: q.ID, Missing: true}, nil))
	case "memory": // the real protocol over a memory, in which one tool is stuck; notes its process
		f, err := os.OpenFile(args[0], os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		check(err)
		_, err = fmt.Fprintf(f, "%d ", os.Getpid())
		check(err)
		w, err := upward()
		check(err)
		check(serve(ctx, w, func() {}, func(string, func(int32)) helperStore { return stuck{kept{NewMemory()}} }))
	case "parent": // starts a helper, and is killed
		c := NewChild("keyfob-test", []string{"/proc/self/exe", helperVerb, "memory", args[0]}, patience)
		check(c.Save(ctx, tool, set("one", 10)))
		fmt.Println("ready")
		select {}
	case "spy": // the real protocol over memory; tells its command line and environment
		b, err := json.Marshal(struct{ Args, Env []string }{os.Args, os.Environ()})
		check(err)
		check(os.WriteFile(args[0], b, 0o600))
		w, err := upward()
		check(err)
		check(serve(ctx, w, func() {}, func(string, func(int32)) helperStore { return kept{NewMemory()} }))
	case "hidden parent": // asks a helper that serves a memory
		unreadable()
		c := NewChild("keyfob-test", []string{"/proc/self/exe", helperVerb, "spy", os.DevNull}, patience)
		_, err := c.Load(ctx, tool)
		c.Close()
		if errors.Is(err, ErrNotFound) {
			fmt.Print("nothing is stored")
			return
		}
		check(err)
	case "hidden crash", "open crash":
		var core syscall.Rlimit
		check(syscall.Getrlimit(syscall.RLIMIT_CORE, &core))
		core.Cur = core.Max
		check(syscall.Setrlimit(syscall.RLIMIT_CORE, &core))
		if part == "hidden crash" {
			unreadable()
		}
		panic("on purpose")
	default:
		os.Exit(2)
	}
}

// asked reads the greeting and the first question.
func asked(check func(error)) (wire, question) {
	w, err := upward()
	check(err)
	var q question
	check(read(w, &q))
	check(read(w, &q))
	return w, q
}

// message is text as it goes over the wire.
func message(text string) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...)
}

// kept is a memory that a helper can serve.
type kept struct{ *Memory }

func (k kept) Quiet() Store                        { return k.Memory }
func (kept) connect(context.Context) (bool, error) { return false, nil }
func (kept) worn() bool                            { return false }
func (kept) Close()                                {}

// stuck is a memory that gives no answer about one tool.
type stuck struct{ kept }

const stuckTool = "stuck"

func (s stuck) Quiet() Store { return s }

func (s stuck) Load(ctx context.Context, tool string) (auth.Tokens, error) {
	if tool == stuckTool {
		<-ctx.Done()
		return auth.Tokens{}, ended(ctx.Err())
	}
	return s.kept.Load(ctx, tool)
}
