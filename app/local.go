package app

import (
	"context"
	"io"
	"time"

	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/daemon"
	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// withLocal runs f with sessions in this process, for when no engine runs.
// Only tool is loaded where one is named.
func (h host) withLocal(ctx context.Context, s *config.Settings, tool, dir string, f func(cli.Engine) error) error {
	tools, bad := s.Tools, daemon.Broken(s)
	if tool != "" {
		tools, bad = nil, nil
		for _, t := range s.Tools {
			if t.ID == tool {
				tools = append(tools, t)
			}
		}
		for _, b := range daemon.Broken(s) {
			if b.ID == tool {
				bad = append(bad, b)
			}
		}
	}
	m := daemon.NewSessions(tools, bad, h.parts(h.keychain, h.noted(s.Path), sharedLocks(dir), true))
	return daemon.Running(ctx, m, func() error { return f(brief{local{m}, h.err}) })
}

// local answers the command line from sessions in this process.
type local struct{ m *engine.Manager }

func (l local) Status(ctx context.Context) ([]session.Snapshot, error) {
	return daemon.Status(ctx, l.m)
}

func (l local) Token(ctx context.Context, tool string, atLeast time.Duration) (auth.Tokens, error) {
	return l.m.Token(ctx, tool, atLeast)
}

// brief is the local engine of a process that ends soon. What it cannot store
// is lost with it, and it says so.
type brief struct {
	local
	err io.Writer
}

// Token implements [cli.Engine].
func (b brief) Token(ctx context.Context, tool string, atLeast time.Duration) (auth.Tokens, error) {
	t, err := b.local.Token(ctx, tool, atLeast)
	if err != nil {
		return t, err
	}
	all, err := b.m.Snapshots(ctx)
	for _, s := range all {
		if s.Tool == tool && s.Store == session.StoreMemory {
			why := ""
			if s.Problem != nil {
				why = " (" + s.Problem.What + ")"
			}
			const next = ": the next command may want you to sign in again"
			_ = cli.Say(b.err, "keyfob: the session was renewed and could not be stored"+why+next)
		}
	}
	return t, err
}

func (l local) Login(ctx context.Context, tool string, o session.SignInOptions) error {
	return l.m.SignIn(ctx, tool, o)
}

func (l local) Logout(ctx context.Context, tool string, o session.SignOutOptions) (session.SignOutResult, error) {
	return l.m.SignOut(ctx, tool, o)
}
