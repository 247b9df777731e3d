package manage

import "keyfob/app/config"

// toolJSON is a tool of the settings.
type toolJSON struct {
	Tool          string   `json:"tool"`
	Name          string   `json:"name"`
	Provider      string   `json:"provider,omitempty"`
	Issuer        string   `json:"issuer,omitempty"`
	ClientID      string   `json:"client_id,omitempty"`
	Home          string   `json:"home,omitempty"`
	API           string   `json:"api,omitempty"`
	Scopes        []string `json:"scopes,omitempty"`
	File          string   `json:"file"`
	Line          int      `json:"line"`
	Administrator bool     `json:"administrator,omitempty"`
	Problem       string   `json:"problem,omitempty"`
}

func toolsJSON(s *config.Settings) []toolJSON {
	out := make([]toolJSON, 0, len(s.Lines))
	add := func(t toolJSON) {
		t.File, t.Line = s.Path, s.Lines[t.Tool]
		if file, ok := s.Administrators[t.Tool]; ok {
			t.File, t.Administrator = file, true
		}
		out = append(out, t)
	}
	for _, t := range s.Tools {
		if t.TokenOnly() && t.Issuer == t.Endpoints.Token {
			t.Issuer = ""
		}
		add(toolJSON{
			Tool: t.ID, Name: t.Name, Provider: t.Provider, Issuer: t.Issuer, ClientID: t.ClientID,
			Home: t.Home, API: t.API, Scopes: t.Scopes,
		})
	}
	for _, b := range s.Bad {
		add(toolJSON{Tool: b.ID, Name: b.Name, Problem: b.Err.Error()})
	}
	return out
}
