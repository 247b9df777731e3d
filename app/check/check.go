// Package check tells how well a provider fits: it compares what the provider
// publishes, and what the last sign-in showed, with the requirements of a
// tool such as ThingPark Enterprise and of Keyfob itself.
//
// It owns the requirements and the verdict. It must never sign anybody in, ask
// for a token, or say of a session more than it was told.
package check

import (
	"context"
	"slices"
	"strings"

	"keyfob/app/check/report"
	"keyfob/auth"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
	"keyfob/auth/weburl"
)

// Provider asks the tool's provider and judges the answers. A tool that is made
// of an issuer alone will do. last is the tool's session, or nil.
//
// Errors are those of [oidc.Client.Fetch] that say nothing about the provider:
// KindTransient when it cannot be reached, KindSetup for an address that cannot
// be asked.
func Provider(ctx context.Context, c *oidc.Client, tool auth.Tool, last *session.Snapshot) (report.Report, error) {
	p := &provider{tool: tool, last: last, report: report.Report{Tool: tool.ID, Issuer: tool.Issuer}}
	if tool.Grant == auth.GrantService {
		if err := p.service(ctx, c); err != nil {
			return report.Report{}, err
		}
		p.judge()
		return p.report, nil
	}
	if err := p.discover(ctx, c); err != nil {
		return report.Report{}, err
	}
	if p.found() {
		p.issuer()
		p.endpoints()
		p.codeFlow()
		p.pkce()
		if err := p.keys(ctx, c); err != nil {
			return report.Report{}, err
		}
		p.algorithms()
		p.accessToken()
		p.refreshToken()
		p.bound()
		p.signOut()
		p.revocation()
		p.issuerParameter()
		p.redirect()
		p.clock()
	}
	p.judge()
	return p.report, nil
}

// provider is a check under way.
type provider struct {
	tool   auth.Tool
	last   *session.Snapshot
	got    oidc.Published
	report report.Report
}

func (p *provider) row(name string, need report.Need, r report.Result, text string) {
	p.report.Rows = append(p.report.Rows, report.Row{Name: name, Need: need, Result: r, Text: text})
}

// found reports whether there is anything to judge.
func (p *provider) found() bool {
	for _, r := range p.report.Rows {
		if r.Result == report.Failed {
			return false
		}
	}
	return true
}

// discover asks for the metadata, unless the settings name all endpoints.
func (p *provider) discover(ctx context.Context, c *oidc.Client) error {
	if p.tool.Endpoints.Whole() {
		p.row("discovery", report.Required, report.Unknown, "the settings name the endpoints themselves, so it was not asked for")
		return nil
	}
	return p.fetch(ctx, "discovery", p.discovery(), c.Fetch)
}

// discovery is where the metadata is.
func (p *provider) discovery() string { return strings.TrimSuffix(p.tool.Issuer, "/") + auth.Discovery }

// fetch gets from address what name says, and judges the connection and whether
// there was an answer.
func (p *provider) fetch(ctx context.Context, name, address string, by func(context.Context, string) (oidc.Published, error)) error {
	place, err := weburl.Secure(address)
	if err != nil {
		return err
	}
	p.got, err = by(ctx, address)
	e := auth.AsError(err)
	switch {
	case e != nil && slices.Contains(auth.TLSCodes(), e.Code):
		p.row("TLS", report.Required, report.Failed, e.What)
		return nil
	case noVerdict(e), ctx.Err() != nil:
		return err
	case place.Scheme == "http":
		p.row("TLS", report.Required, report.OK, "plain http, which stays on this machine")
	default:
		p.row("TLS", report.Required, report.OK, versionName(p.got.TLS))
	}
	if e != nil {
		p.row(name, report.Required, report.Failed, e.What)
		return nil
	}
	p.row(name, report.Required, report.OK, p.got.Address)
	return nil
}

// noVerdict reports whether e, which may be nil, says nothing about the
// provider: nobody asked it.
func noVerdict(e *auth.Error) bool {
	return e != nil && (e.Kind == auth.KindTransient || e.Kind == auth.KindCanceled || e.Code == auth.CodeBadProxy)
}

// judge turns the rows into a verdict.
func (p *provider) judge() {
	r := &p.report
	r.Verdict = report.Compatible
	for _, level := range []struct {
		need    report.Need
		verdict report.Verdict
	}{{report.Required, report.Incompatible}, {report.Recommended, report.Degraded}} {
		for _, row := range r.Rows {
			if row.Need == level.need && row.Result == report.Failed {
				r.Verdict = level.verdict
				r.Because = append(r.Because, row.Text)
			}
		}
		if len(r.Because) > 0 {
			return
		}
	}
}

// text is a text of the metadata, or "".
func (p *provider) text(name string) string {
	s, _ := p.got.Document.Text(name)
	return s
}

// list is a list of the metadata, and whether it says anything.
func (p *provider) list(name string) (all []string, ok bool) {
	all = p.got.Document.List(name)
	return all, len(all) > 0
}

// endpoint is an address as the settings or the metadata have it.
func (p *provider) endpoint(name, ofSettings string) string {
	if ofSettings != "" {
		return ofSettings
	}
	return p.text(name)
}

// signedIn reports whether there is a session to tell from.
func (p *provider) signedIn() bool { return p.last != nil && !p.last.SignedInAt.IsZero() }
