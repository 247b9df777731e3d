package desktop

import (
	"context"
	"time"

	"keyfob/app/prompts"
	"keyfob/auth/session"
)

// secretsEvery is how often the ends of client secrets are looked at: they are
// days ahead, and a machine that slept asks within the hour.
const secretsEvery = time.Hour

// remindOfSecrets tells the person of client secrets that end soon, until ctx
// ends. file remembers what was told.
func (s *screen) remindOfSecrets(ctx context.Context, file string) {
	told := prompts.LoadSecretsTold(file)
	var all []session.Snapshot
	watch := s.sessions.Watch(ctx)
	tick := time.NewTicker(secretsEvery)
	defer tick.Stop()
	for {
		select {
		case now, ok := <-watch:
			if !ok {
				return
			}
			all = now
		case <-tick.C:
		}
		remind := told.Update(all, s.now())
		if len(remind) == 0 {
			continue
		}
		_ = told.Save(ctx, file) // if it fails, the person is told once more after the next start
		for _, is := range remind {
			_ = s.do(ctx, func(context.Context) { s.notices.show(is.Tool+"/secret", secretNote(is, s.now())) })
		}
	}
}
