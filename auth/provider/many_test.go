package provider_test

import (
	"fmt"
	"testing"

	"keyfob/auth"
	"keyfob/auth/provider"
)

// TestMarkSharedOfMany has every command read settings with many tools: twice as
// many take no more than about twice the work.
func TestMarkSharedOfMany(t *testing.T) {
	work := func(n int) float64 {
		tools := make([]auth.Tool, n)
		for i := range tools {
			tools[i] = auth.Tool{
				ID:       fmt.Sprint("t", i),
				Provider: "oidc",
				Issuer:   "https://sso.example.com",
				Redirect: "http://127.0.0.1/callback",
			}
		}
		return testing.AllocsPerRun(1, func() { provider.MarkShared(tools) })
	}
	if few, many := work(50), work(100); many > 3*few {
		t.Errorf("50 tools make %v allocations, 100 make %v", few, many)
	}
}
