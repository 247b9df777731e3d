package formats

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"keyfob/auth"
)

// ExecCredential writes token as kubectl and other clients of Kubernetes read
// it from a credential plugin: client.authentication.k8s.io/v1. They ask again
// at end, which is left out where it is zero.
func ExecCredential(token auth.Secret, end time.Time) (auth.Secret, error) {
	type status struct {
		Expires string `json:"expirationTimestamp,omitempty"` // RFC 3339
		Token   string `json:"token"`
	}
	answer := struct {
		APIVersion string   `json:"apiVersion"`
		Kind       string   `json:"kind"`
		Spec       struct{} `json:"spec"`
		Status     status   `json:"status"`
	}{APIVersion: "client.authentication.k8s.io/v1", Kind: "ExecCredential", Status: status{Token: token.Reveal()}}
	if !end.IsZero() {
		answer.Status.Expires = end.UTC().Truncate(time.Second).Format(time.RFC3339)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(answer); err != nil {
		return "", fmt.Errorf("writing the credential: %w", err)
	}
	return auth.Secret(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), nil
}
