package start

import (
	"encoding/json"

	"keyfob/auth"
)

// Report tells the command that started this engine that it answers, where err is
// nil, or why it does not. It does so once, and nothing where nobody waits: the
// command is gone, or a person started the engine by hand.
func Report(err error) {
	w := starter()
	if w == nil {
		return
	}
	defer func() { _ = w.Close() }()
	line := []byte(ready)
	if e := auth.AsError(err); e != nil {
		if line, err = json.Marshal(e); err != nil {
			return // which the command takes for an early end
		}
	}
	_, _ = w.Write(append(line, '\n'))
}
