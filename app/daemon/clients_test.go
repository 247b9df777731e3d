package daemon

import (
	"errors"
	"net/http"
	"sync"
	"testing"

	"keyfob/auth"
	"keyfob/auth/oidc"
)

// TestAFileThatIsSlowToRead holds up the tools that name it, and no other: its
// disk may be in another country. It is read once for all who wait, and once
// more only where that failed.
func TestAFileThatIsSlowToRead(t *testing.T) {
	slow, other := auth.Tool{CAFile: "/slow"}, auth.Tool{CAFile: "/other"}
	reads, results := make(chan struct{}, 64), make(chan error)
	c := &Clients{http: func(caFile string) (*http.Client, error) {
		if caFile == slow.CAFile {
			reads <- struct{}{}
			return new(http.Client), <-results
		}
		return new(http.Client), nil
	}}
	gone := errors.New("no such file")
	failed := make(chan error)
	go func() {
		_, err := c.For(slow)
		failed <- err
	}()
	<-reads
	first, err := c.For(other) // while the slow one is read
	if err != nil {
		t.Fatal(err)
	}
	results <- gone
	if err := <-failed; !errors.Is(err, gone) {
		t.Errorf("a file that is gone: %v", err)
	}

	var callers sync.WaitGroup
	got := make(chan *oidc.Client, 20)
	for range cap(got) {
		callers.Go(func() {
			client, err := c.For(slow)
			if err != nil {
				t.Error(err)
			}
			got <- client
		})
	}
	<-reads
	if again, err := c.For(other); err != nil || again != first {
		t.Errorf("another file has another client each time, %v", err)
	}
	results <- nil
	callers.Wait()
	client := <-got
	for range cap(got) - 1 {
		if one := <-got; one != client {
			t.Fatal("tools of one file have clients of their own")
		}
	}
	if len(reads) != 0 || client == first || client == nil {
		t.Errorf("read %d times too often, client %p beside %p", len(reads), client, first)
	}
}
