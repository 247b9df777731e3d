package prompts

import (
	"context"
	"encoding/json"
	"maps"

	"keyfob/app/wholefile"
	"keyfob/auth/plainfile"
)

// maxFile bounds what is read: thousands of tools, and no more.
const maxFile = 1 << 20

// version is that of the file's format.
const version = 1

type file struct {
	Version int             `json:"version"`
	Told    map[string]told `json:"told"` // by the tool's ID
}

// Load reads what Save wrote. A file that is missing, damaged or of another
// version costs no more than telling once too often.
func Load(path string) *Shown {
	s := &Shown{tools: map[string]shown{}}
	var content file
	data, err := plainfile.ReadOwn(path, maxFile)
	if err != nil || json.Unmarshal(data, &content) != nil || content.Version != version {
		return s
	}
	for tool, t := range content.Told {
		s.tools[tool] = shown{told: t}
	}
	s.saved = s.toKeep()
	return s
}

// Save writes what was told to the file at path, whole or not at all, if
// anything was since.
func (s *Shown) Save(ctx context.Context, path string) error {
	keep := s.toKeep()
	if maps.EqualFunc(keep, s.saved, told.equal) {
		return nil
	}
	data, err := json.Marshal(file{version, keep})
	if err != nil {
		return err
	}
	if err := wholefile.WriteOwn(ctx, path, data); err != nil {
		return err
	}
	s.saved = keep
	return nil
}

// toKeep is what was told, without the sessions of which nothing was.
func (s *Shown) toKeep() map[string]told {
	keep := map[string]told{}
	for tool, t := range s.tools {
		if t.Lead != 0 || t.Ended {
			keep[tool] = t.told
		}
	}
	return keep
}

func (t told) equal(u told) bool {
	return t.Set == u.Set && t.Ends.Equal(u.Ends) && t.Lead == u.Lead && t.Ended == u.Ended
}
