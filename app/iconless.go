package app

import (
	"context"
	"runtime"

	"keyfob/app/agent"
	"keyfob/assets"
	"keyfob/auth"
	"keyfob/tray/notify"
)

// iconKey is the notification that says that there is no icon.
const iconKey = "/icon"

// noHost is what a person is told who looks for an icon that nothing shows.
func noHost() error {
	return &auth.Error{
		Kind: auth.KindFailed, Code: "no_tray",
		What: "nothing on this desktop shows tray icons, so there is no icon",
		Do:   "start keyfob again whenever you want its window; on GNOME the extension AppIndicator shows icons",
		Who:  auth.WhoYou,
	}
}

// iconless says once that there is no icon, and why, and opens the window in
// its place. An icon appears all the same when something comes that shows it.
func (d *desk) iconless(ctx context.Context, why error) {
	d.grumble(why.Error() + "; notifications, windows and the command line still work")
	if !d.host.screen() {
		return
	}
	_ = d.job(ctx, func(ctx context.Context) {
		d.notify(ctx, iconKey, notify.Note{Title: "Keyfob runs without an icon", Body: details(auth.AsError(why)), Icon: assets.IconOut})
		d.whenSeen(ctx, func(ctx context.Context) {
			if err := d.main.page(ctx, agent.PageTools); err != nil {
				d.grumble(err.Error())
			}
		})
	})
}

// screen reports whether there is anything to open a window on.
func (h host) screen() bool {
	switch runtime.GOOS {
	case "windows", "darwin":
		return true
	}
	return h.getenv("DISPLAY") != "" || h.getenv("WAYLAND_DISPLAY") != ""
}
