package keychain

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
)

func code(err error) string {
	if e := auth.AsError(err); e != nil {
		return e.Code
	}
	return ""
}

// A call that hangs, as go-keyring does under an unanswered prompt, costs the
// caller no more than its deadline, and nothing overtakes the hanging call.
func TestHangingCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lane := make(chan struct{}, 1)
		release := make(chan struct{})
		ran := 0
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		_, err := run(ctx, lane, func(context.Context) (int, error) { <-release; return 0, nil })
		if code(err) != auth.CodeKeychainTimeout || time.Since(start) != 3*time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}

		second, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := run(second, lane, func(context.Context) (int, error) { ran++; return 0, nil }); code(
			err,
		) != auth.CodeKeychainTimeout ||
			ran != 0 {
			t.Errorf("behind it: %v, ran %d times", err, ran)
		}

		close(release)
		if got, err := run(t.Context(), lane, func(context.Context) (int, error) { return 7, nil }); got != 7 || err != nil {
			t.Errorf("after it: %d, %v", got, err)
		}
	})
}

func TestCancelledCall(t *testing.T) {
	lane := make(chan struct{}, 1)
	release := make(chan struct{})
	defer close(release)
	ctx, cancel := context.WithCancel(t.Context())
	started := make(chan struct{})
	go func() { <-started; cancel() }()
	_, err := run(ctx, lane, func(context.Context) (int, error) { close(started); <-release; return 0, nil })
	if auth.KindOf(err) != auth.KindCanceled {
		t.Errorf("err = %v", err)
	}
}
