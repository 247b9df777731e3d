package manage_test

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"testing"

	"keyfob/app/check/report"
	"keyfob/app/cli"
	"keyfob/app/cli/manage"
)

func TestPrintCheck(t *testing.T) {
	rows := []report.Row{
		{Name: "TLS", Need: report.Required, Result: report.OK, Text: "TLS 1.3"},
		{Name: "sign-out", Need: report.Recommended, Result: report.Failed, Text: "there is no end_session_endpoint"},
		{Name: "clock", Need: report.Noted, Result: report.Unknown, Text: "the provider does not tell its time"},
	}
	const table = `https://idp.example
required     ok       TLS       TLS 1.3
recommended  failed   sign-out  there is no end_session_endpoint
noted        unknown  clock     the provider does not tell its time
`
	for _, tt := range []struct {
		report report.Report
		last   string
		exit   int
		to     string
	}{
		{report.Report{Verdict: report.Compatible}, "compatible\n", 0, ""},
		{
			report.Report{Verdict: report.Degraded, Because: []string{"there is no end_session_endpoint"}},
			"degraded: because there is no end_session_endpoint\n", 0, "",
		},
		{
			report.Report{Verdict: report.Incompatible, Because: []string{"this", "that"}},
			"incompatible: because this; that\n", 1,
			"keyfob: \"https://idp.example\" is incompatible, because this; that: " +
				"show the rows that failed to the provider's administrator\n",
		},
	} {
		tt.report.Issuer, tt.report.Rows = "https://idp.example", rows
		var out, to bytes.Buffer
		if code := cli.Report(&to, manage.PrintCheck(&out, tt.report, cli.CheckOptions{})); code != tt.exit || to.String() != tt.to {
			t.Errorf("%s: exit code %d, %q", tt.report.Verdict, code, to.String())
		}
		if out.String() != table+tt.last {
			t.Errorf("printed\n%swant\n%s", out.String(), table+tt.last)
		}
		out.Reset()
		if code := cli.ExitCode(manage.PrintCheck(&out, tt.report, cli.CheckOptions{JSON: true})); code != tt.exit {
			t.Errorf("--json ends with %d", code)
		}
		var back report.Report
		if err := json.Unmarshal(out.Bytes(), &back); err != nil || !reflect.DeepEqual(back, tt.report) {
			t.Errorf("--json gives %+v, %v", back, err)
		}
	}
	if !(cli.CheckOptions{Subject: "https://idp.example"}).IsIssuer() || (cli.CheckOptions{Subject: "plant4"}).IsIssuer() {
		t.Error("a tool is taken for an issuer, or the other way round")
	}
	if err := manage.PrintCheck(full{}, report.Report{}, cli.CheckOptions{}); err == nil || err == io.EOF {
		t.Errorf("a full disk gives %v", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
