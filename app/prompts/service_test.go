package prompts_test

import (
	"testing"

	"keyfob/app/prompts"
	"keyfob/auth/session"
)

// TestServiceAccountAsksNobodyToSignIn: there is nobody who could.
func TestServiceAccountAsksNobodyToSignIn(t *testing.T) {
	for service, want := range map[bool]int{false: 1, true: 0} {
		var shown prompts.Shown
		n := shown.Update([]session.Snapshot{{Tool: "robot", Set: "one", State: session.Expired, Service: service}})
		if len(n.Prompt) != want {
			t.Errorf("service account %v: %d prompts", service, len(n.Prompt))
		}
	}
}
