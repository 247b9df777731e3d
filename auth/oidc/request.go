package oidc

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/oauth2"

	"keyfob/auth"
)

// BeginOptions are a person's wishes for one sign-in.
type BeginOptions struct {
	Prompt    string // login, select_account, consent; empty leaves it to the provider
	LoginHint string // the account to offer
}

// Request is one authorization request and what its answer is held against. It
// is good for one exchange.
type Request struct {
	URL   string      // what the browser is sent on to; it holds the state
	State auth.Secret // what the answer must repeat

	nonce    auth.Secret
	verifier auth.Secret
	redirect string
	tool     auth.Tool
	metadata *Metadata
	spent    atomic.Bool
}

// ownParam reports whether settings cannot change a parameter: those of a sign-in
// that are set anew for each, and those that prove to a token endpoint who asks.
func ownParam(name string) bool {
	return slices.Contains([]string{
		"response_type", "client_id", "client_secret", "redirect_uri", "scope", "state", "nonce",
		"code_challenge", "code_challenge_method", "code_verifier", "request", "request_uri",
		"grant_type", "code", "client_assertion", "client_assertion_type", "refresh_token", "username", "password",
	}, strings.ToLower(name))
}

// Begin makes an authorization request whose answer goes to redirectURI: the
// code flow with state and nonce of 256 bits and PKCE (RFC 7636), always S256.
// A provider that does not say whether it knows PKCE gets it too, one that says
// that it only has "plain" is refused by Discover.
//
// Errors are those of Discover, and KindSetup for parameters in the tool's
// settings that are not theirs to set and for a client secret that is not
// stored: a person would sign in for nothing.
func (c *Client) Begin(ctx context.Context, tool auth.Tool, redirectURI string, o BeginOptions) (*Request, error) {
	m, err := c.Discover(ctx, tool)
	if err != nil {
		return nil, err
	}
	if _, err := c.config(ctx, tool, m); err != nil {
		return nil, err
	}
	req := &Request{
		State:    random(),
		nonce:    random(),
		verifier: auth.Secret(oauth2.GenerateVerifier()),
		redirect: redirectURI,
		tool:     tool,
		metadata: m,
	}
	opts := []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("response_mode", "query")}
	for name, value := range tool.Params {
		if ownParam(name) {
			return nil, setup(
				auth.CodeBadParams, "params sets "+auth.Quote(name)+", which every sign-in sets itself", "remove it from params",
			)
		}
		opts = append(opts, oauth2.SetAuthURLParam(name, value))
	}
	if o.Prompt == "login" && tool.Has(auth.QuirkNoPromptLogin) {
		o.Prompt = "select_account"
	}
	for name, value := range map[string]string{"audience": tool.Audience, "prompt": o.Prompt, "login_hint": o.LoginHint} {
		if value != "" {
			opts = append(opts, oauth2.SetAuthURLParam(name, value))
		}
	}
	opts = append(opts,
		oauth2.SetAuthURLParam("nonce", req.nonce.Reveal()),
		oauth2.S256ChallengeOption(req.verifier.Reveal()))
	conf := oauth2.Config{
		ClientID: tool.ClientID, RedirectURL: redirectURI, Scopes: tool.Scopes,
		Endpoint: oauth2.Endpoint{AuthURL: m.AuthorizationEndpoint},
	}
	req.URL = auth.ASCIIAddress(conf.AuthCodeURL(req.State.Reveal(), opts...)) // it is printed and copied, too
	return req, nil
}

// random returns 256 random bits in the alphabet that every provider takes for
// state and nonce.
func random() auth.Secret {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return auth.Secret(base64.RawURLEncoding.EncodeToString(b))
}
