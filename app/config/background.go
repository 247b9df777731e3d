package config

import (
	"fmt"

	"keyfob/auth"
)

const keyBackground = "background"

// background is where files say something of engines in the background.
type background struct {
	allowed   int    // the line of the person's file that allows them, counted from 1; 0 for none
	forbidden string // the file and line that forbid them; empty for none
}

// MayBackground says why no command may start an engine in the background, by an
// error of KindUsage that names the line which forbids it; nil where it may.
func (s *Settings) MayBackground() error {
	if s.background.forbidden == "" {
		return nil
	}
	return &auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeBackground, Who: auth.WhoYou,
		What: "keyfob is not running, and " + s.background.forbidden + " keeps commands from starting it",
		Do:   "start `keyfob-tray`, or `keyfob agent` where there is no desktop",
	}
}

// readBackground reads what the person says.
func (s *Settings) readBackground(d *document) *fieldError {
	yes, line, err := backgroundOf(d)
	switch {
	case err != nil:
		return err
	case line > 0 && yes:
		s.background.allowed = line
	case line > 0:
		s.forbidBackground(d.path, line)
	}
	return nil
}

// readBackgroundPolicy reads what an administrator says. Who allows it leaves it to
// the person; who forbids it does so for everybody.
func (s *Settings) readBackgroundPolicy(d *document) *fieldError {
	yes, line, err := backgroundOf(d)
	if err != nil || line == 0 || yes {
		return err
	}
	if mine := s.background.allowed; mine > 0 && s.Background {
		s.Ignored = append(s.Ignored, &auth.Error{
			Kind: auth.KindSetup, Code: auth.CodeAdministrator, Who: auth.WhoYou,
			What: fmt.Sprintf("%s:%d: background = true is not used, since an administrator forbids it in %s:%d", s.Path, mine, d.path, line),
			Do:   "remove it",
		})
	}
	s.forbidBackground(d.path, line)
	return nil
}

func (s *Settings) forbidBackground(path string, line int) {
	s.Background, s.background.forbidden = false, fmt.Sprintf("background = false in %s:%d", path, line)
}

// backgroundOf is what a file says, and in which line; 0 where it says nothing.
func backgroundOf(d *document) (yes bool, line int, err *fieldError) {
	f := newFields(d)
	if !f.has(keyBackground) {
		return false, 0, nil
	}
	yes = f.yes(keyBackground)
	line, _ = d.where([]string{keyBackground})
	return yes, line, f.err
}
