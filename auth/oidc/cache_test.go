package oidc_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"keyfob/auth"
)

func TestMetadataIsKeptForADay(t *testing.T) {
	r := newRig(t)
	ask := func(want int) {
		t.Helper()
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if _, err := r.client.Discover(t.Context(), r.tool); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := r.faults.Seen(discoveryPath); got != want {
			t.Errorf("%d requests so far, want %d", got, want)
		}
	}
	ask(1)
	r.clock.advance(24*time.Hour - time.Second)
	ask(1)
	r.clock.advance(time.Second)
	ask(2)
	r.clock.advance(-time.Hour) // a clock set back
	ask(3)
}

func TestWaiterLeavesWhenItsContextEnds(t *testing.T) {
	r := newRig(t)
	hanging := make(chan struct{})
	r.faults.Set(discoveryPath, func(_ http.ResponseWriter, req *http.Request, _ http.Handler) {
		close(hanging)
		<-req.Context().Done()
	})
	fetcher, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := r.client.Discover(fetcher, r.tool)
		done <- err
	}()
	<-hanging
	waiter, leave := context.WithCancel(t.Context())
	leave()
	_, err := r.client.Discover(waiter, r.tool)
	wantError(t, err, auth.KindCanceled, "canceled")
	r.faults.Clear(discoveryPath)
	stop()
	wantError(t, <-done, auth.KindCanceled, "canceled")
	if _, err := r.client.Discover(t.Context(), r.tool); err != nil {
		t.Errorf("a cancelled fetch stays in the way: %v", err)
	}
}
