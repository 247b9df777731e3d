package idp

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"

	"keyfob/auth"
	"keyfob/auth/weburl"
)

// Person signs in at this provider's page as a browser would, over HTTP: the
// demo's stand-in where there is no screen.
type Person struct {
	Username string
	Password auth.Secret
	Cancel   bool // presses Cancel instead
}

// SignIn opens the authorization URL at address, fills in the sign-in page and
// follows where it leads, up to the client's own page. It returns when that
// page has been read, which a client may hold back until it has its tokens. It
// never leaves loopback.
func (p Person) SignIn(ctx context.Context, address string) error {
	client := &http.Client{
		Transport: &http.Transport{}, // no proxy
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if !weburl.IsLoopback(req.URL) || len(via) > 5 {
				return errors.New("the provider redirects to a place where a scripted person does not go")
			}
			return nil
		},
	}
	defer client.CloseIdleConnections()

	u, err := weburl.Secure(address)
	if err != nil {
		return err
	}
	if !weburl.IsLoopback(u) {
		return errors.New("a scripted person signs in on loopback only")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fmt.Errorf("the sign-in page cannot be asked for: %w", err)
	}
	resp, page, err := visit(ctx, client, req)
	if err != nil {
		return err
	}
	request, ok := hiddenRequest(page)
	if !ok {
		// Nothing was asked: the provider shows a mistake, or it has already
		// sent the browser back to the client.
		return pageError(resp)
	}
	form := url.Values{"request": {request}, "username": {p.Username}, "password": {p.Password.Reveal()}, "action": {"signin"}}
	if p.Cancel {
		form = url.Values{"request": {request}, "action": {"cancel"}}
	}
	req, err = http.NewRequestWithContext(
		ctx,
		http.MethodPost,
		resp.Request.URL.ResolveReference(&url.URL{Path: "/signin"}).String(),
		strings.NewReader(form.Encode()),
	)
	if err != nil {
		return fmt.Errorf("the sign-in form cannot be sent: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, page, err = visit(ctx, client, req)
	if err != nil {
		return err
	}
	if _, again := hiddenRequest(page); again {
		return errors.New("the provider asks again: the user name or the password is wrong")
	}
	return pageError(resp)
}

func pageError(resp *http.Response) error {
	if resp.StatusCode >= 400 {
		return fmt.Errorf("the page at the end answers %s", resp.Status)
	}
	return nil
}

// visit sends req, and presses Continue where the answer comes as a form.
func visit(ctx context.Context, client *http.Client, req *http.Request) (resp *http.Response, page string, err error) {
	resp, page, err = read(client, req)
	if err != nil {
		return nil, "", err
	}
	answer, err := readAnswer(page)
	if answer == nil || err != nil {
		return resp, page, err
	}
	req, err = http.NewRequestWithContext(ctx, http.MethodPost, answer.action, strings.NewReader(answer.form.Encode()))
	if err != nil {
		return nil, "", fmt.Errorf("the form cannot be sent: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return read(client, req)
}

// read sends req and reads the page at the end of the redirects.
func read(client *http.Client, req *http.Request) (resp *http.Response, page string, err error) {
	resp, err = client.Do(req)
	if err != nil {
		// The URL in the error would hold the code or the state.
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err
		}
		return nil, "", fmt.Errorf("the page cannot be read: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return nil, "", fmt.Errorf("the page cannot be read: %w", err)
	}
	return resp, string(b), nil
}

// hiddenRequest finds the name of the pending request in the sign-in page.
func hiddenRequest(page string) (string, bool) {
	_, rest, ok := strings.Cut(page, `name="request" value="`)
	if !ok {
		return "", false
	}
	value, _, ok := strings.Cut(rest, `"`)
	return html.UnescapeString(value), ok
}
