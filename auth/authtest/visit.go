package authtest

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Visit gets address, or posts the form there, and returns where the redirects
// led and the page.
func Visit(ctx context.Context, browser *http.Client, address string, form url.Values) (*url.URL, string, error) {
	method, body := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, "", err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := browser.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return nil, "", err
	}
	return resp.Request.URL, string(page), nil
}
