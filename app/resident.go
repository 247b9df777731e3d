package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"

	"keyfob/app/agent"
	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/inspect"
	"keyfob/auth/session"
)

// resident is the engine of a user while it runs: the sessions, and whoever
// listens on the local socket.
type resident struct {
	host     host
	dir      string // of the socket, the locks, and whoever connects
	listener *agent.Listener
	sessions *engine.Manager
	path     string            // of the settings; empty for the demo
	watcher  *fsnotify.Watcher // of changes since settings were read; nil for none

	mu       sync.Mutex // over what a change of the settings file replaces
	settings *config.Settings
	problem  *auth.Error // why the file cannot be read, or nil
}

// agent runs the engine without a tray.
func (h host) agent(ctx context.Context, settings string) error {
	r, err := h.claim(settings)
	if errors.Is(err, agent.ErrRunning) {
		return cli.Say(h.err, "keyfob is already running; there is one engine for each user")
	}
	if err != nil {
		return err
	}
	if r.problem != nil {
		_ = r.listener.Close()
		if r.watcher != nil {
			_ = r.watcher.Close()
		}
		return r.problem
	}
	return r.run(ctx, func(ctx context.Context, stop func()) error {
		var wg sync.WaitGroup
		defer wg.Wait()
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		wg.Go(func() { followSleep(ctx, r.sessions) })
		wg.Go(func() { r.watchSettings(ctx, r.reloadAloud) })
		return r.serve(ctx, agent.Engine{Quit: stop})
	})
}

// tray runs the engine with an icon, or tells the user that one runs.
func (h host) tray(ctx context.Context, settings string) error {
	r, err := h.claim(settings)
	if errors.Is(err, agent.ErrRunning) {
		return h.bringUp(ctx)
	}
	if err != nil {
		return err
	}
	return r.run(ctx, r.desk)
}

// bringUp lets the engine that runs show itself.
func (h host) bringUp(ctx context.Context) error {
	dir, err := config.RuntimeDir()
	if err != nil {
		return err
	}
	client, err := dialStarting(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	text := "keyfob is already running: its window opens"
	switch err := client.Show(ctx); {
	case err == nil:
	case auth.AsError(err).Code == codeWindow:
		text = "keyfob is already running: its icon is in the tray, but " + err.Error()
	case auth.AsError(err).Code == auth.CodeNoTray:
		text = "keyfob is already running, without a tray: stop `keyfob agent` first to get one"
	default:
		return err
	}
	return cli.Say(h.err, text)
}

// dialStarting connects to an engine of which is known that it runs. One that
// has just been started may not listen yet.
func dialStarting(ctx context.Context, dir string) (*agent.Client, error) {
	const wait, every = 5 * time.Second, 25 * time.Millisecond
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for {
		client, err := agent.Dial(ctx, dir)
		if !errors.Is(err, agent.ErrNoAgent) {
			return client, err
		}
		select {
		case <-time.After(every):
		case <-ctx.Done():
			return nil, &auth.Error{
				Kind: auth.KindTransient,
				Code: auth.CodeAgentSilent,
				What: "keyfob is already running and cannot be reached",
				Do:   "end it and start it again",
				Who:  auth.WhoYou,
				Err:  err,
			}
		}
	}
}

// claim makes this process the user's engine, with the sessions of the
// settings. Settings that cannot be read leave it with an administrator's tools
// alone and with the reason, so that the tray can show it.
func (h host) claim(settings string) (*resident, error) {
	dir, err := config.RuntimeDir()
	if err != nil {
		return nil, err
	}
	path, err := h.settingsPath(settings)
	if err != nil {
		return nil, err
	}
	listener, err := agent.Listen(dir)
	if err != nil {
		return nil, err
	}
	r := &resident{host: h, dir: dir, listener: listener, path: path, watcher: watchFolders(path, h.system)}
	r.settings, r.problem = h.loadSettings(path)
	for _, e := range r.settings.Ignored {
		cli.Report(h.err, e)
	}
	r.sessions = h.sessions(r.settings.Tools, broken(r.settings), h.noted(path), dir, false)
	return r, nil
}

func (h host) loadSettings(path string) (*config.Settings, *auth.Error) {
	s, err := config.LoadAll(path, h.system)
	return s, auth.AsError(err)
}

// run runs the sessions and the socket while front runs. front may end by
// itself; ctx or a client may ask it to.
func (r *resident) run(ctx context.Context, front func(ctx context.Context, stop func()) error) error {
	// Until the sessions have ended nobody else may be the engine. A claim that
	// nothing refers to any more would be given up with the garbage.
	defer func() { _ = r.listener.Close() }()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	return running(ctx, r.sessions, func() error { return front(ctx, stop) })
}

// serve answers the local socket until ctx ends.
func (r *resident) serve(ctx context.Context, e agent.Engine) error {
	e.Sessions = servedSessions{r.sessions, r}
	return r.listener.Serve(ctx, e)
}

// servedSessions is the sessions as clients of the socket see them.
type servedSessions struct {
	*engine.Manager
	r *resident
}

func (s servedSessions) Status(ctx context.Context) ([]session.Snapshot, error) {
	return local{s.Manager}.Status(ctx)
}

func (s servedSessions) Inspect(ctx context.Context, tool string) (inspect.Inspection, error) {
	return s.r.inspect(ctx, tool)
}
