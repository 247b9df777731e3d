package desktop

import (
	"strings"
	"testing"
	"time"

	"keyfob/app/agent"
	"keyfob/auth"
)

// TestWhatAWindowSays comes in any pieces, between lines that mean nothing.
func TestWhatAWindowSays(t *testing.T) {
	for name, c := range map[string]struct {
		says  []string
		shown int64
		done  bool
		lacks agent.WindowLine
	}{
		"nothing":            {nil, 0, false, ""},
		"half a line":        {[]string{"draw"}, 0, false, ""},
		"drawn in pieces":    {[]string{"dr", "aw", "n", "\n"}, 1, false, ""},
		"drawn on Windows":   {[]string{"drawn\r\n"}, 1, false, ""},
		"other words":        {[]string{"drawn out\nnot drawn\n\ndrawn \n"}, 0, false, ""},
		"more pages":         {[]string{"drawn\nopened\nop", "ened\ndone\n"}, 3, true, ""},
		"a page before it":   {[]string{"opened\n"}, 0, false, ""},
		"both in that order": {[]string{"opened\ndrawn\n"}, 2, false, ""},
		"what is missing":    {[]string{"no OpenGL\n"}, 0, false, agent.WindowNoOpenGL},
		"no end of a line":   {[]string{strings.Repeat("x", maxLine), "x", "\ndrawn\n"}, 1, false, ""},
	} {
		o := newWindowOutput()
		for _, s := range c.says {
			if n, err := o.Write([]byte(s)); n != len(s) || err != nil {
				t.Fatalf("%s: %d, %v", name, n, err)
			}
		}
		if len(o.rest) > maxLine {
			t.Errorf("%s: %d bytes are kept", name, len(o.rest))
		}
		shown, _ := o.shown()
		if done, lacks := o.last(); shown != c.shown || done != c.done || lacks != c.lacks {
			t.Errorf("%s: %d pages, done %v, lacks %q", name, shown, done, lacks)
		}
	}
}

// TestComplaint keeps the beginning alone.
func TestComplaint(t *testing.T) {
	var c complaint
	for range 3 {
		if n, err := c.Write([]byte(strings.Repeat("x", maxComplaint/2+1))); n != maxComplaint/2+1 || err != nil {
			t.Fatal(n, err)
		}
	}
	if n := len(c.kept); n != maxComplaint {
		t.Errorf("%d bytes are kept", n)
	}
}

// TestInstead names the command that does what each window would.
func TestInstead(t *testing.T) {
	for _, c := range []struct {
		verb string
		args []string
		want string
	}{
		{promptVerb, []string{"plant4"}, "`keyfob login plant4`"},
		{promptVerb, []string{"a", "b", "c"}, "`keyfob login a` and `keyfob login b` and `keyfob login c`"},
		{promptVerb, []string{"a", "b", "c", "d"}, "`keyfob status` and `keyfob login`"},
		{showVerb, []string{"--quiet", "waiting/plant4"}, "`keyfob login plant4`"},
		{showVerb, []string{"token/plant4"}, "`keyfob token plant4`"},
		{showVerb, []string{"add"}, "`keyfob tools add`"},
		{showVerb, []string{"add/entra"}, "`keyfob tools add`"},
		{showVerb, []string{"tools"}, "`keyfob status`"},
	} {
		if got := instead(c.verb, c.args); got != c.want {
			t.Errorf("%s %q: %s, want %s", c.verb, c.args, got, c.want)
		}
	}
}

// TestAProgramThatDoesNotEvenDie hangs in a driver: it is not waited for.
func TestAProgramThatDoesNotEvenDie(t *testing.T) {
	t.Parallel()
	killed := make(chan struct{})
	r := &windowRun{output: newWindowOutput(), stderr: new(complaint), kill: func() { close(killed) }, ended: make(chan struct{})}
	r.told.Store(1)
	late := make(chan time.Time, 1)
	late <- time.Time{}
	r.watch(t.Context(), nil, func() (<-chan time.Time, func() bool) { return late, func() bool { return true } }, nil)
	<-killed
	if e := auth.AsError(r.failure(showVerb, []string{"add"})); e == nil || !strings.Contains(e.Error(), "after 10 seconds") {
		t.Errorf("the person is told %v", e)
	}
}
