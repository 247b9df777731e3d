package desktop

import (
	"context"

	"keyfob/app/agent"
	"keyfob/auth"
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

// iconIsMissing says once that there is no icon, and why, and opens the window in
// its place, which takes no keyboard: nobody has asked for it just now. An icon
// appears all the same when something comes that shows it.
func (s *screen) iconIsMissing(ctx context.Context, why error) {
	_ = s.do(ctx, func(ctx context.Context) {
		s.noIcon = true
		s.notices.show(iconKey, noIconNote(auth.AsError(why)))
		s.notices.whenUnlocked(ctx, func(ctx context.Context) {
			if s.noIcon && s.windows.main.closed == nil {
				s.windows.offerPage(ctx, agent.PageTools)
			}
		})
	})
}

// iconIsThere takes back what iconIsMissing said, now that something shows the
// icon. The window goes, too, if nobody has turned to it.
func (s *screen) iconIsThere(ctx context.Context) {
	_ = s.do(ctx, func(context.Context) {
		s.noIcon = false
		s.notices.dismiss(iconKey)
		s.windows.main.withdraw(agent.PageTools)
	})
}
