// Command keyfob is Keyfob's command line without what does the work: it reads a
// command line by the one table of commands, asks the user's engine and prints.
// What it cannot do by asking is done by keyfob-tray, the whole program, in
// whose place it was typed.
//
// It is started for every token that a script wants, so it must never link what
// talks to a provider, reads settings or draws; a test counts its packages.
package main

import (
	"context"
	"os"
	"os/signal"
	"time"

	"keyfob/app/caller"
	"keyfob/app/cli"
	"keyfob/app/formats"
	"keyfob/app/process"
	"keyfob/app/start"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	call, err := cli.Parse(args)
	switch {
	case err != nil:
		return cli.Report(os.Stderr, err)
	case !call.Command.Asks:
		code, err := handOver(args)
		if err != nil {
			return cli.Report(os.Stderr, err)
		}
		return code
	}
	process.Harden(call.Command.Traceable)
	return cli.Report(os.Stderr, ask(interruptible(), call))
}

// prompt is how soon an engine answers that has a token. To be told of signals
// costs two threads, and more time than that answer: whoever interrupts the
// command earlier ends it without a word, as the system does by itself.
const prompt = 20 * time.Millisecond

// interruptible returns a context that ends when the program is asked to end, but
// for the first moments.
func interruptible() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(prompt, func() { // until the program ends
		asked := make(chan os.Signal, 1)
		signal.Notify(asked, caller.Endings()...)
		<-asked
		cancel()
	})
	return ctx
}

// ask runs a command that asks the engine, or that nobody has to be asked for.
func ask(ctx context.Context, call cli.Call) error {
	c := caller.Caller{
		Getenv: os.Getenv, Config: call.Config, Terminal: caller.AtTerminal(), Start: caller.StartOf(start.Beside),
	}
	if err := c.MayRun(call.Changes(), call.NeedsSettings()); err != nil {
		return err
	}
	return call.Run(ctx, program{caller: c}, cli.Env{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Now: time.Now, ExecInfo: os.Getenv(formats.ExecInfo),
	})
}

// program is what this one has of the whole program: its own verbs ask for
// nothing else.
type program struct {
	cli.Program // none

	caller caller.Caller
}

// Engine implements [cli.Program].
func (p program) Engine() (cli.Engine, error) { return p.caller.Client() }

// Quit implements [cli.Program].
func (program) Quit(ctx context.Context, wait bool) (bool, error) { return caller.Quit(ctx, wait) }

// Version implements [cli.Program].
func (program) Version() string { return caller.Version() }
