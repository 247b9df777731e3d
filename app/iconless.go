package app

import (
	"context"
	"runtime"

	"keyfob/app/agent"
	"keyfob/assets"
	"keyfob/auth"
	"keyfob/auth/wording"
	"keyfob/tray/notify"
)

// iconKey is the notification that says that there is no icon.
const iconKey = "/icon"

// noHost is what a person is told who looks for an icon that nothing shows.
func noHost() error {
	return &auth.Error{
		Kind: auth.KindFailed, Code: auth.CodeNoTray,
		What: "nothing on this desktop shows tray icons, so there is no icon",
		Do:   "start keyfob again whenever you want its window; on GNOME the extension AppIndicator shows icons",
		Who:  auth.WhoYou,
	}
}

// iconless says once that there is no icon, and why, and opens the window in
// its place, which takes no keyboard: nobody has asked for it just now. An icon
// appears all the same when something comes that shows it.
func (d *desk) iconless(ctx context.Context, why error) {
	d.grumble(why.Error() + "; notifications, windows and the command line still work")
	if !d.host.screen() {
		return
	}
	_ = d.job(ctx, func(ctx context.Context) {
		d.noIcon = true
		d.notify(
			ctx,
			iconKey,
			notify.Note{Title: "Keyfob runs without an icon", Body: wording.Details(auth.AsError(why)), Actions: onClick, Icon: assets.IconOut},
		)
		d.whenSeen(ctx, func(ctx context.Context) {
			if !d.noIcon || d.main.closed != nil {
				return
			}
			if err := d.main.pageQuietly(ctx, agent.PageTools); err != nil {
				d.grumble(err.Error())
			}
		})
	})
}

// iconed takes back what iconless said, now that something shows the icon. The
// window goes, too, if nobody has turned to it.
func (d *desk) iconed(ctx context.Context) {
	_ = d.job(ctx, func(context.Context) {
		d.noIcon = false
		d.dismiss(iconKey)
		d.main.leave(agent.PageTools)
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
