package auth

import (
	"maps"
	"slices"
)

// Equal reports whether t and o are the same in every field. A list or map that
// is nil equals one that is empty.
func (t Tool) Equal(o Tool) bool {
	return t.ID == o.ID &&
		t.Name == o.Name &&
		t.Home == o.Home &&
		t.API == o.API &&
		t.Provider == o.Provider &&
		t.Issuer == o.Issuer &&
		slices.Equal(t.ExpectIssuers, o.ExpectIssuers) &&
		t.Endpoints == o.Endpoints &&
		slices.Equal(t.Quirks, o.Quirks) &&
		t.ClientID == o.ClientID &&
		t.ClientAuth == o.ClientAuth &&
		t.Grant == o.Grant &&
		slices.Equal(t.Scopes, o.Scopes) &&
		slices.Equal(t.MandatoryScopes, o.MandatoryScopes) &&
		t.Redirect == o.Redirect &&
		slices.Equal(t.Ports, o.Ports) &&
		t.Audience == o.Audience &&
		slices.Equal(t.TrustedAudiences, o.TrustedAudiences) &&
		maps.Equal(t.Params, o.Params) &&
		t.CAFile == o.CAFile &&
		t.SecretExpires.Equal(o.SecretExpires) &&
		slices.Equal(t.Reminders, o.Reminders) &&
		t.PostLogout == o.PostLogout &&
		t.RetriggerRemoved == o.RetriggerRemoved &&
		t.WantsSessionBound == o.WantsSessionBound &&
		slices.Equal(t.SharesRedirect, o.SharesRedirect)
}
