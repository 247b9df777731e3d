package oidc

import (
	"bytes"
	"context"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"keyfob/auth"
	"keyfob/auth/explain"
)

// ErrNoAnswer is in the chain of a refresh's error when the request may have
// reached the provider and its answer was lost: the refresh token may be spent.
var ErrNoAnswer = errors.New("the request went out and no answer came back")

// maxRetryAfter caps what a provider may ask for with Retry-After.
const maxRetryAfter = 15 * time.Minute

// refused is the error for an answer that broke a rule. do speaks to the person
// at the machine.
func refused(code, what, do string, err error) *auth.Error {
	return &auth.Error{Kind: auth.KindProtocol, Code: code, What: what, Do: do, Who: auth.WhoYou, Err: err}
}

// setup is the error for what must be fixed in the tool's settings.
func setup(code, what, do string) *auth.Error {
	return &auth.Error{Kind: auth.KindSetup, Code: code, What: what, Do: do, Who: auth.WhoSetup}
}

// ended is the error for a caller whose context is done.
func ended(ctx context.Context) *auth.Error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return &auth.Error{
			Kind: auth.KindCanceled,
			Code: auth.CodeCanceled,
			What: "the request was cancelled",
			Who:  auth.WhoYou,
			Err:  ctx.Err(),
		}
	}
	return &auth.Error{
		Kind: auth.KindTransient,
		Code: auth.CodeTimeout,
		What: "the provider did not answer in time",
		Do:   "try again",
		Who:  auth.WhoWait,
		Err:  ctx.Err(),
	}
}

// passing reports whether an answer with this status says nothing for good: an
// outage, a limit, or something between here and the provider.
func passing(status int) bool {
	switch status {
	case http.StatusProxyAuthRequired, http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return status >= 500 || status >= 300 && status < 400
}

func (r reply) statusText() string { return statusText(r.status) }

func statusText(status int) string {
	return strings.TrimSpace("HTTP status " + strconv.Itoa(status) + " " + http.StatusText(status))
}

// statusError is the error for an answer that only its status speaks of. A
// redirect is one of them: it is never followed, and what sends it is more often
// a network's sign-in page than the provider.
func (r reply) statusError(now time.Time) *auth.Error {
	e := &auth.Error{
		Kind: auth.KindTransient, Code: auth.CodeHTTPStatus + strconv.Itoa(r.status), Who: auth.WhoWait,
		What: auth.Quote(r.host) + " answered " + r.statusText(), Do: "try again later",
		RetryAfter: retryAfter(r.header.Get("Retry-After"), now),
	}
	if r.status >= 300 && r.status < 400 {
		e.Code = auth.CodeRedirect
		e.What = auth.Quote(r.host) + " wanted to send the request elsewhere, which is never followed"
		e.Do = "sign in to the network if it asks for that, and check the issuer in the settings"
	}
	return e
}

// notJSON is the error for a body that should have been JSON. A page is taken
// for the sign-in page of a network: it passes.
func (r reply) notJSON(err error) *auth.Error {
	body := bytes.TrimSpace(r.body)
	if isPage(r.header) || len(body) == 0 || body[0] == '<' {
		return &auth.Error{
			Kind: auth.KindTransient, Code: auth.CodeNotJSON, Who: auth.WhoWait, Err: err,
			What: auth.Quote(r.host) + " answered with a page where data was due",
			Do:   "sign in to the network if it asks for that",
		}
	}
	return refused(auth.CodeNotJSON, auth.Quote(r.host)+" sent an answer that cannot be read", "check the issuer in the settings", err)
}

func isPage(h http.Header) bool {
	media, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	return media == "text/html" || media == "application/xhtml+xml"
}

// retryAfter reads the header of RFC 9110 section 10.2.3: seconds or a date.
// What is neither, or lies behind, is 0.
func retryAfter(s string, now time.Time) time.Duration {
	s = strings.TrimSpace(s)
	var d time.Duration
	if s != "" && strings.Trim(s, "0123456789") == "" {
		n, err := strconv.ParseInt(s, 10, 32)
		if err != nil {
			return maxRetryAfter // more than 32 bits hold
		}
		d = time.Duration(n) * time.Second
	} else if t, err := http.ParseTime(s); err == nil {
		d = t.Sub(now)
	}
	return min(max(d, 0), maxRetryAfter)
}

// providerError turns a refusal into an error. The error code of RFC 6749
// sections 4.1.2.1 and 5.2, or of OpenID Connect Core 1.0 section 3.1.2.6,
// alone decides its kind, since numbers and descriptions change; those choose
// the words. What repeats one of the secrets that were sent is not shown.
func providerError(r explain.Refusal, secrets ...auth.Secret) *auth.Error {
	e := &auth.Error{
		Kind: refusalKind(r.Error), Code: clip(r.Error), Who: auth.WhoYou,
		What: "the provider answered " + auth.Quote(r.Error), Do: "try again, and tell the provider's administrator if it stays",
	}
	for _, s := range []*string{&r.Description, &r.Suberror, &r.Trace, &r.Correlation, &r.Time} {
		if leaks(*s, secrets) {
			*s = ""
		}
	}
	if e.Kind == auth.KindFailed && r.Error != "invalid_grant" && leaks(r.Error, secrets) {
		e.Code, e.What = auth.CodeUnknownError, "the provider answered with an error of its own"
	}
	help, found := explain.Find(r)
	if found {
		e.What, e.Do, e.Who = help.What, help.Do, help.Who
	}
	e.Detail, e.Ref, e.Link = help.Detail, help.Ref, help.Link
	return e
}

// refusalKind is what an error code means for the session.
func refusalKind(code string) auth.Kind {
	switch code {
	case "access_denied":
		return auth.KindDenied
	case "login_required", "interaction_required", "consent_required", "account_selection_required":
		return auth.KindSignIn
	case "invalid_client", "unauthorized_client", "unsupported_grant_type", "unsupported_response_type",
		"invalid_scope", "invalid_target", "invalid_resource", "not_allowed",
		"invalid_request", "request_not_supported", "request_uri_not_supported", "registration_not_supported",
		"invalid_request_uri", "invalid_request_object":
		return auth.KindSetup
	case "server_error", "temporarily_unavailable", "slow_down":
		return auth.KindTransient
	}
	return auth.KindFailed
}

// leaks reports whether text repeats a secret.
func leaks(text string, secrets []auth.Secret) bool {
	for _, s := range secrets {
		if s != "" && (strings.Contains(text, s.Reveal()) || strings.Contains(text, url.QueryEscape(s.Reveal()))) {
			return true
		}
	}
	return false
}

// clip makes an error code from outside fit for a stable word: the alphabet of
// RFC 6749 section 5.2 without spaces, 64 bytes at most.
func clip(code string) string {
	code = strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' || r == '"' || r == '\\' {
			return -1
		}
		return r
	}, code)
	return code[:min(len(code), 64)]
}
