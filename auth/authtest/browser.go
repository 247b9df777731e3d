package authtest

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"

	"keyfob/auth/idp"
)

// Browser opens URLs the way a desktop does: at once, with a person who then
// signs in at the page of auth/idp. The zero Browser has a person without a
// password, who fails.
type Browser struct {
	Person idp.Person
	Forbid testing.TB // when set, opening anything at all fails this test

	mu     sync.Mutex
	began  []string
	opened []string
	errs   []error
	wg     sync.WaitGroup
}

// Open lets the person sign in at address and returns without waiting, as a
// desktop's opener does. Wait says how it went.
func (b *Browser) Open(address string) error {
	if b.Forbid != nil {
		b.Forbid.Errorf("the browser was opened unasked")
		return errors.New("the browser is not to be opened")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.began = append(b.began, address)
	address, err := sentOn(address)
	if err != nil {
		b.errs = append(b.errs, err)
		return nil
	}
	b.opened = append(b.opened, address)
	b.wg.Go(func() {
		if err := b.Person.SignIn(context.Background(), address); err != nil {
			b.mu.Lock()
			b.errs = append(b.errs, err)
			b.mu.Unlock()
		}
	})
	return nil
}

// sentOn gives where a browser that is started with address is sent first:
// Keyfob starts it with an address of its own listener.
func sentOn(address string) (string, error) {
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Get(address)
	if err != nil {
		return "", err
	}
	_ = resp.Body.Close()
	if resp.StatusCode == http.StatusSeeOther && resp.Header.Get("Referrer-Policy") == "no-referrer" {
		return resp.Header.Get("Location"), nil
	}
	return address, nil
}

// Began returns the addresses that the browser was started with, in order.
func (b *Browser) Began() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.began...)
}

// Opened returns the providers' addresses that were opened, in order.
func (b *Browser) Opened() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.opened...)
}

// Wait waits until the person has done with every page and returns what failed.
func (b *Browser) Wait() error {
	b.wg.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	return errors.Join(b.errs...)
}
