package cli

import (
	"context"

	"keyfob/app/agent"
	"keyfob/auth/session"
)

// StatusOptions are those of `keyfob status`.
type StatusOptions struct {
	Tool string // or empty for all
	JSON bool
}

func statusCommand() *Command {
	var o StatusOptions
	return &Command{
		Name: "status", Options: &o, NeedsSettings: always, Asks: true,
		Short: "say how each session stands",
		Args:  []Arg{{Name: "TOOL", Optional: true, To: &o.Tool}},
		Flags: []Flag{{Name: "json", To: &o.JSON}}, // the long help says it
		Long:  `Prints a line for each tool, or JSON without any secret.`,
		Examples: []Example{{
			"keyfob status",
			"one line for each tool; `--json` for programs, without any secret ([what it prints](assets/docs/json.md))",
		}},
		Run: func(ctx context.Context, p Program, e Env) error { return status(ctx, o, p, e) },
	}
}

func status(ctx context.Context, o StatusOptions, p Program, e Env) error {
	engine, err := p.Engine()
	if err != nil {
		return err
	}
	s, err := engine.Status(ctx)
	if err != nil {
		return err
	}
	err = printSessions(o, s, e)
	remark(e, s, o.Tool)
	if err == nil && s.Fault != nil {
		err = s.Fault // an engine goes on with the last good ones, in silence
	}
	return err
}

func printSessions(o StatusOptions, s agent.Status, e Env) error {
	all := s.Snapshots
	if o.Tool != "" {
		one, err := snapshotOf(all, o.Tool)
		if err != nil {
			return err
		}
		all = []session.Snapshot{one}
	}
	switch {
	case o.JSON:
		return PrintJSON(e.Out, sessionsJSON(all))
	case len(all) == 0 && s.Fault != nil:
		return nil // nobody knows whether there are tools
	}
	return printStatus(e.Out, all, e.Now())
}
