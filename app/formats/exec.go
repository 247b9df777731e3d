package formats

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"keyfob/auth"
)

// ExecInfo is the environment variable in which clients of Kubernetes say what
// they ask of a credential plugin.
const ExecInfo = "KUBERNETES_EXEC_INFO"

// The versions of a credential that clients of Kubernetes read. They say the
// same of a token.
const (
	ExecV1     = "client.authentication.k8s.io/v1"
	ExecV1Beta = "client.authentication.k8s.io/v1beta1"
)

// ExecVersion is the version of the credential that info, the value of
// [ExecInfo], asks for, and [ExecV1] where nobody asks. A client refuses any
// other. What else info holds, such as the cluster, is of no interest. Errors
// are of KindUsage.
func ExecVersion(info string) (string, error) {
	if info == "" {
		return ExecV1, nil
	}
	var asked struct {
		APIVersion string `json:"apiVersion"`
	}
	switch err := json.Unmarshal([]byte(info), &asked); {
	case err != nil:
		return "", &auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeExecInfo,
			What: ExecInfo + " cannot be read",
			Do:   "leave it to kubectl to set it",
			Who:  auth.WhoYou,
			Err:  err,
		}
	case asked.APIVersion == ExecV1, asked.APIVersion == ExecV1Beta:
		return asked.APIVersion, nil
	}
	return "", &auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeExecVersion, Who: auth.WhoYou,
		What: "the client asks for a credential of version " + auth.Quote(asked.APIVersion) + ", which keyfob does not know",
		Do:   "set apiVersion to " + ExecV1 + " or " + ExecV1Beta + " in the kubeconfig",
	}
}

// ExecCredential writes token as kubectl and other clients of Kubernetes read
// it from a credential plugin, in a version of [ExecVersion]. They ask again at
// end, which is left out where it is zero.
func ExecCredential(version string, token auth.Secret, end time.Time) (auth.Secret, error) {
	type status struct {
		Expires string `json:"expirationTimestamp,omitempty"` // RFC 3339
		Token   string `json:"token"`
	}
	answer := struct {
		APIVersion string   `json:"apiVersion"`
		Kind       string   `json:"kind"`
		Spec       struct{} `json:"spec"`
		Status     status   `json:"status"`
	}{APIVersion: version, Kind: "ExecCredential", Status: status{Token: token.Reveal()}}
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
