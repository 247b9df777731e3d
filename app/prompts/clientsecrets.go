package prompts

import (
	"context"
	"encoding/json"
	"time"

	"keyfob/app/wholefile"
	"keyfob/auth/plainfile"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// secretLeads are how far ahead of the end of a client's secret a person is
// told: in time to order a new one, to press for it, and to put it in.
var secretLeads = [...]time.Duration{wording.SecretLead, 7 * 24 * time.Hour, 24 * time.Hour}

// SecretsTold remembers of which ends of client secrets a person was told, by the
// tool's ID. Unlike sessions these take weeks, so it is kept in a file.
type SecretsTold map[string]secretTold

type secretTold struct {
	Ends time.Time     `json:"ends"`
	Lead time.Duration `json:"lead"` // the last one, in nanoseconds
}

// Update returns the sessions whose tool's secret has reached a lead time that
// the person was not told of. Lead times that were missed are told as one; a
// secret that has ended is left to the refusals that follow from it.
func (s SecretsTold) Update(all []session.Snapshot, now time.Time) (remind []session.Snapshot) {
	for _, snap := range all {
		left := snap.SecretExpires.Sub(now.Round(0))
		var due time.Duration
		for _, lead := range secretLeads {
			if left > 0 && left <= lead {
				due = lead
			}
		}
		was := s[snap.Tool]
		if due == 0 || was.Ends.Equal(snap.SecretExpires) && was.Lead <= due {
			continue
		}
		s[snap.Tool] = secretTold{snap.SecretExpires, due}
		remind = append(remind, snap)
	}
	return remind
}

// LoadSecretsTold reads what Save wrote. A file that is missing or damaged costs no
// more than telling once too often.
func LoadSecretsTold(file string) SecretsTold {
	s := SecretsTold{}
	if data, err := plainfile.ReadOwn(file, maxFile); err != nil || json.Unmarshal(data, &s) != nil || s == nil {
		return SecretsTold{}
	}
	return s
}

// Save writes s to file, whole or not at all.
func (s SecretsTold) Save(ctx context.Context, file string) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return wholefile.WriteOwn(ctx, file, data)
}
