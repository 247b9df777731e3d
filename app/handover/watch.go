package handover

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Watch calls replaced when another program stands in the place of this one as
// [Program.Replaced] says, now or later, until ctx ends. It calls it again after
// each further change. Nothing is polled: where the system tells of no changes,
// as for some network drives, [Program.LookAgain] has it look.
func (p *Program) Watch(ctx context.Context, replaced func(ctx context.Context)) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return
	}
	defer func() { _ = w.Close() }()
	folder := filepath.Dir(p.path)
	watched := watchNearest(w, folder)
	settled := time.NewTimer(0) // it may have been replaced before
	defer settled.Stop()
	for {
		select {
		case e, open := <-w.Events:
			if !open {
				return
			}
			if watched != folder || e.Name == folder { // the folder comes, goes or is replaced
				_ = w.Remove(watched)
				watched = watchNearest(w, folder)
			}
			if e.Name == p.path || e.Name == folder || watched == folder && filepath.Dir(e.Name) != folder {
				settled.Reset(p.settle)
			}
		case <-settled.C:
			switch next, again := p.look(); {
			case again:
				settled.Reset(p.settle)
			case next.info != nil:
				replaced(ctx)
			}
		case <-p.again:
			settled.Reset(0)
		case _, open := <-w.Errors: // changes were lost, perhaps
			if !open {
				return
			}
			settled.Reset(p.settle)
		case <-ctx.Done():
			return
		}
	}
}

// watchNearest watches folder, or the nearest one above it that is there, and
// returns which.
func watchNearest(w *fsnotify.Watcher, folder string) string {
	for {
		if w.Add(folder) == nil || folder == filepath.Dir(folder) {
			return folder
		}
		if _, err := os.Stat(folder); err == nil {
			return folder // it is there and cannot be watched
		}
		folder = filepath.Dir(folder)
	}
}
