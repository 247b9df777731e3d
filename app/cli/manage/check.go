package manage

import (
	"io"
	"strings"

	"keyfob/app/check/report"
	"keyfob/app/cli"
	"keyfob/auth"
)

// PrintCheck writes what a check found: the rows and the verdict. It returns an
// error of KindFailed for a provider that is incompatible.
func PrintCheck(w io.Writer, r report.Report, o cli.CheckOptions) error {
	if o.JSON {
		if err := cli.PrintJSON(w, r); err != nil {
			return err
		}
		return incompatible(r)
	}
	var b strings.Builder
	b.WriteString(auth.Clean(auth.ASCIIAddress(r.Issuer)) + "\n")
	var rows [][]string
	for _, row := range r.Rows {
		rows = append(rows, []string{string(row.Need), string(row.Result), row.Name, row.Text})
	}
	sayTable(&b, rows)
	b.WriteString(auth.Clean(verdict(r)))
	if err := cli.SayLines(w, b.String()); err != nil {
		return err
	}
	return incompatible(r)
}

// verdict is the whole in one sentence.
func verdict(r report.Report) string {
	if len(r.Because) == 0 {
		return string(r.Verdict)
	}
	return string(r.Verdict) + ": because " + strings.Join(r.Because, "; ")
}

func incompatible(r report.Report) error {
	if r.Verdict != report.Incompatible {
		return nil
	}
	return &auth.Error{
		Kind: auth.KindFailed, Code: string(report.Incompatible), Who: auth.WhoYou,
		What: auth.Quote(r.Issuer) + " is incompatible, because " + strings.Join(r.Because, "; "),
		Do:   "show the rows that failed to the provider's administrator",
	}
}
