package daemon

import (
	"context"
	"os"
	"time"
)

// stamp tells two states of the settings file apart; it is zero where there is no
// file.
type stamp struct {
	size    int64
	changed time.Time
	file    os.FileInfo // which file it is
}

func stampOf(path string) stamp {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}
	}
	return stamp{info.Size(), info.ModTime(), info}
}

func (s stamp) is(other stamp) bool {
	if s.file == nil || other.file == nil {
		return s.file == nil && other.file == nil
	}
	return s.size == other.size && s.changed.Equal(other.changed) && os.SameFile(s.file, other.file)
}

// catchesWithin is how long a request waits at most for a file that changes again
// and again: nobody is told meanwhile that the engine is at work.
const catchesWithin = time.Second

// catchUp has the engine follow a file that was changed since it was read, before
// it answers whoever may have changed it: a script that writes the settings and
// runs a command means the new ones. An editor is given the time that [Settings]
// gives it. It ends after
// [catchesWithin], or when ctx ends.
func (d *Daemon) catchUp(ctx context.Context) {
	s := d.settings
	if s.path == "" || s.upToDate() {
		return
	}
	wait, cancel := context.WithTimeout(ctx, catchesWithin)
	defer cancel()
	select {
	case s.catching <- struct{}{}: // one for all who ask now
		defer func() { <-s.catching }()
	case <-wait.Done():
		return
	}
	for range 3 {
		now := stampOf(s.path)
		if s.upToDate() {
			return
		}
		quiet := settingsQuiet
		if now.file != nil {
			quiet -= min(max(d.now().Sub(now.changed), 0), settingsQuiet)
		}
		timer := time.NewTimer(quiet)
		select {
		case <-timer.C:
		case <-wait.Done():
			timer.Stop()
			return
		}
		if stampOf(s.path).is(now) {
			d.reload(ctx)
			return
		}
	}
}

// upToDate reports whether the file is still the one that was read last.
func (s *Settings) upToDate() bool {
	now := stampOf(s.path)
	s.mu.Lock()
	defer s.mu.Unlock()
	return now.is(s.read)
}
