package app

import (
	"context"
	"time"

	"keyfob/app/prompts"
	"keyfob/assets"
	"keyfob/auth/session"
	"keyfob/auth/wording"
	"keyfob/tray/notify"
)

// secretsEvery is how often the ends of client secrets are looked at: they are
// days ahead, and a machine that slept asks within the hour.
const secretsEvery = time.Hour

// remindOfSecrets tells the person of client secrets that end soon, until ctx
// ends.
func (d *desk) remindOfSecrets(ctx context.Context) {
	file := d.remembers("secrets-told.json")
	told := prompts.LoadSecrets(file)
	var all []session.Snapshot
	watch := d.sessions.Watch(ctx)
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
		remind := told.Update(all, d.host.now())
		if len(remind) == 0 {
			continue
		}
		_ = told.Save(ctx, file) // if it fails, the person is told once more after the next start
		for _, s := range remind {
			_ = d.job(ctx, func(ctx context.Context) { d.notify(ctx, s.Tool+"/secret", secretNote(s, d.host.now())) })
		}
	}
}

func secretNote(s session.Snapshot, now time.Time) notify.Note {
	return notify.Note{
		Title: s.Name + ": " + wording.SecretWarning(s, now),
		Body:  s.Name + " would then refuse every sign-in. Ask your administrator for a new secret.",
		Icon:  assets.IconSoon,
	}
}
