//go:build cgo

// Command keyfob-window shows Keyfob's windows. The engine starts it when
// there is something to show, and it ends with its window.
//
// It is the only program of the project that links Fyne's driver, and with it
// OpenGL. It must hold no state and never touch the keychain or a provider: it
// asks the engine for everything over the local socket.
//
// Fyne complains on stderr, ahead of main, of a locale such as C.UTF-8, which
// names no language. Whoever starts this program sets LC_ALL=en for it then.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"keyfob/app/agent"
	"keyfob/app/agent/person"
	"keyfob/assets"
	"keyfob/tray/window"
)

const usage = `usage: keyfob-window prompt --dir RUNTIME_DIR TOOL...
       keyfob-window show --dir RUNTIME_DIR [--quiet] PAGE

prompt asks in one window to sign in again to each TOOL whose session has ended.
show opens the window on PAGE: tools, add, settings, token/TOOL, waiting/TOOL;
with --quiet it takes no keyboard. Further pages on standard input, one in a
line, are opened. Both are started by keyfob, whose folder for the local socket
is RUNTIME_DIR, and say on standard output what becomes of the window: "drawn",
"opened" for each line on standard input, "done" at the end, or what is missing
here: "no screen", "no Xwayland", "no OpenGL".
`

// errUsage is for arguments that make no sense.
var errUsage = errors.New("unknown arguments")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	exit(run(ctx, os.Args[1:]))
}

// exit ends the process in the way that err asks for.
func exit(err error) {
	var lacks missing
	switch {
	case err == nil:
		say(agent.WindowDone)
		os.Exit(0)
	case errors.As(err, &lacks):
		say(lacks.what)
	case errors.Is(err, errUsage):
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	fmt.Fprintln(os.Stderr, "keyfob-window:", err)
	os.Exit(1)
}

// say tells whoever started this program.
func say(line agent.WindowLine) { fmt.Println(line) }

func run(ctx context.Context, args []string) (err error) {
	defer screenIsMissing(&err)
	if len(args) == 0 || args[0] != "prompt" && args[0] != "show" {
		return errUsage
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	dir := flags.String("dir", "", "")
	quiet := false
	if args[0] == "show" {
		flags.BoolVar(&quiet, "quiet", false, "")
	}
	if err := flags.Parse(args[1:]); err != nil || *dir == "" || flags.NArg() == 0 || args[0] == "show" && flags.NArg() != 1 {
		return errUsage
	}
	engine, err := person.Dial(ctx, *dir)
	if err != nil {
		return err
	}
	defer func() { _ = engine.Close() }()
	if args[0] == "show" {
		show := fyne.Window.Show
		if quiet {
			show = showQuietly
		}
		return window.Show(ctx, window.ShowConfig{
			App:    newApp,
			Engine: engine,
			Page:   flags.Arg(0),
			Show:   shown(show),
			Quiet:  quiet,
			More:   linesFrom(os.Stdin),
			Drawn:  func() { say(agent.WindowDrawn) },
			Opened: func() { say(agent.WindowOpened) },
			Exit:   exit,
		})
	}
	return window.Prompt(ctx, window.PromptConfig{
		App:    newApp,
		Icon:   fyne.NewStaticResource("needs.png", assets.Needs()),
		Engine: engine,
		Tools:  flags.Args(),
		Show:   shown(showQuietly),
		More:   linesFrom(os.Stdin),
		Drawn:  func() { say(agent.WindowDrawn) },
		Opened: func() { say(agent.WindowOpened) },
		Exit:   exit,
	})
}

// linesFrom reads lines until r ends.
func linesFrom(r io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(r); s.Scan(); {
			lines <- s.Text()
		}
	}()
	return lines
}

// newApp makes the Fyne application, without an ID, for which Fyne would keep
// a folder of preferences.
func newApp() fyne.App {
	a := app.NewWithID("")
	a.SetIcon(fyne.NewStaticResource("keyfob.png", assets.Program()))
	return a
}
