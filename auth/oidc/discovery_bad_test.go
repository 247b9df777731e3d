package oidc_test

import (
	"runtime"
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest"
)

// badDocuments are answers that hold no document, whatever was asked for.
var badDocuments = map[string]struct {
	fault authtest.Fault
	kind  auth.Kind
	code  string
}{
	"page for data": {
		authtest.Answer(200, "<!doctype html><html>sign in to the network", "Content-Type", "text/html"),
		auth.KindTransient,
		"not_json",
	},
	"page called data": {authtest.Answer(200, "\n <html>", "Content-Type", "application/json"), auth.KindTransient, "not_json"},
	"nothing":          {authtest.Answer(200, ""), auth.KindTransient, "not_json"},
	"text":             {authtest.Answer(200, "hello", "Content-Type", "text/plain"), auth.KindProtocol, "not_json"},
	"broken JSON":      {authtest.Answer(200, `{"issuer":`, "Content-Type", "application/json"), auth.KindProtocol, "not_json"},
	"array":            {authtest.Answer(200, `[]`, "Content-Type", "application/json"), auth.KindProtocol, "not_json"},
	"deep JSON": {
		authtest.Answer(200, `{"issuer":`+strings.Repeat("[", 100_000), "Content-Type", "application/json"),
		auth.KindProtocol,
		"not_json",
	},
	"server error":        {authtest.Answer(500, `{"error":"server_error"}`), auth.KindTransient, "http_500"},
	"unavailable":         {authtest.Answer(503, "<html>"), auth.KindTransient, "http_503"},
	"too many":            {authtest.Answer(429, ""), auth.KindTransient, "http_429"},
	"proxy wants a login": {authtest.Answer(407, ""), auth.KindTransient, "http_407"},
	"cut":                 {authtest.Cut, auth.KindTransient, "network"},
	"dropped":             {authtest.Drop, auth.KindTransient, "network"},
	"huge":                {authtest.Huge(4 << 20), auth.KindProtocol, "too_big"},
	"gzip bomb":           {authtest.Bomb(4 << 20), auth.KindProtocol, "too_big"},
	"redirect":            {authtest.Redirect(302, "/elsewhere"), auth.KindTransient, "redirect"},
}

func TestDiscoveryBadAnswers(t *testing.T) {
	r := newRig(t)
	for name, tc := range badDocuments {
		t.Run(name, func(t *testing.T) {
			r.faults.Set(discoveryPath, tc.fault)
			_, err := r.client.Discover(t.Context(), r.tool)
			wantError(t, err, tc.kind, tc.code)
		})
	}
	t.Run("not there", func(t *testing.T) {
		r.faults.Set(discoveryPath, authtest.Answer(404, "<html>"))
		_, err := r.client.Discover(t.Context(), r.tool)
		wantError(t, err, auth.KindSetup, "not_found")
	})
	r.faults.Clear(discoveryPath)
	if _, err := r.client.Discover(t.Context(), r.tool); err != nil {
		t.Errorf("a bad answer was kept: %v", err)
	}
}

func TestHugeAnswersCostLittleMemory(t *testing.T) {
	r := newRig(t)
	for _, fault := range []authtest.Fault{authtest.Huge(300 << 20), authtest.Bomb(300 << 20)} {
		r.faults.Set(discoveryPath, fault)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := r.client.Discover(t.Context(), r.tool)
		runtime.ReadMemStats(&after)
		wantError(t, err, auth.KindProtocol, "too_big")
		if mib := (after.TotalAlloc - before.TotalAlloc) >> 20; mib > 16 {
			t.Errorf("%d MiB were allocated, the provider's share included", mib)
		}
	}
}
