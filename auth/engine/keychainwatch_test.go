package engine_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// TestNothingByItselfAsksForThePassword lets a day pass over a locked
// keychain, with programs that ask for the sessions.
func TestNothingByItselfAsksForThePassword(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newFakeKeychain(auth.CodeKeychainLocked)
		_, m := newKeychainEnvironment(t, k)
		for range 24 {
			if err := m.Loaded(t.Context()); err != nil {
				t.Fatal(err)
			}
			if s := snapshot(t, m, "renews"); s.State != session.Unavailable || s.Problem == nil ||
				s.Problem.Code != auth.CodeKeychainLocked {
				t.Fatalf("the session is %s: %v", s.State, s.Problem)
			}
			time.Sleep(time.Hour)
		}
		if prompts, calls := k.asked(); prompts > 0 || calls > 0 {
			t.Errorf("%d prompts, %d calls", prompts, calls)
		}
		k.become("")
		synctest.Wait()
		if s := snapshot(t, m, "renews"); s.Account == "" {
			t.Errorf("after it was unlocked the session is %s: %v", s.State, s.Problem)
		}
	})
}

// TestALockedKeychainIsWaitedForByNobody asks for a token: the keychain asks
// for its password, which is told within three seconds, and the session
// appears by itself when it is given, half a minute later.
func TestALockedKeychainIsWaitedForByNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newFakeKeychain(auth.CodeKeychainLocked)
		_, m := newKeychainEnvironment(t, k)
		start := time.Now()
		for range 3 {
			if _, err := m.Token(t.Context(), "renews", session.TokenOptions{MayUnlock: true}); auth.AsError(
				err,
			).Code != auth.CodeKeychainWaiting {
				t.Errorf("the token: %v", err)
			}
		}
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("it took %v to say so", took)
		}
		if s := snapshot(t, m, "renews"); s.State != session.Unavailable || s.Problem.Code != auth.CodeKeychainWaiting {
			t.Errorf("the session is %s: %v", s.State, s.Problem)
		}
		time.Sleep(30 * time.Second)
		k.answer <- true
		synctest.Wait()
		for _, tool := range []string{"renews", "ends"} { // the one that was asked about, and the other
			if s := snapshot(t, m, tool); s.State != session.Active || s.Problem != nil {
				t.Errorf("then %s is %s: %v", tool, s.State, s.Problem)
			}
		}
		if prompts, _ := k.asked(); prompts != 1 {
			t.Errorf("%d prompts", prompts)
		}
	})
}

// TestAPromptThatNobodyAnswers ends, says so, and leaves no other behind.
func TestAPromptThatNobodyAnswers(t *testing.T) {
	for _, ignored := range []bool{true, false} {
		t.Run(fmt.Sprint("ignored: ", ignored), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := newFakeKeychain(auth.CodeKeychainLocked)
				_, m := newKeychainEnvironment(t, k)
				if !ignored {
					go func() { k.answer <- false }()
				}
				_, err := m.Token(t.Context(), "renews", session.TokenOptions{MayUnlock: true})
				if want := map[bool]string{true: auth.CodeKeychainWaiting, false: auth.CodeKeychainRefused}[ignored]; auth.AsError(
					err,
				).Code != want {
					t.Errorf("the token: %v", err)
				}
				time.Sleep(time.Hour)
				s := snapshot(t, m, "renews")
				if s.State != session.Unavailable || s.Problem.Code != auth.CodeKeychainRefused {
					t.Errorf("an hour later the session is %s: %v", s.State, s.Problem)
				}
				if prompts, _ := k.asked(); prompts != 1 {
					t.Errorf("%d prompts", prompts)
				}
			})
		})
	}
}

// TestAKeychainThatChangesUnderItsPrompt dies while it asks, and comes back
// open: nobody waits for the answer of the dead.
func TestAKeychainThatChangesUnderItsPrompt(t *testing.T) {
	for _, after := range []time.Duration{time.Second, 10 * time.Second} { // before and after the wait was told
		t.Run(after.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := newFakeKeychain(auth.CodeKeychainLocked)
				_, m := newKeychainEnvironment(t, k)
				start := time.Now()
				go func() { time.Sleep(after); k.become(auth.CodeKeychainAbsent) }()
				_, err := m.Token(t.Context(), "renews", session.TokenOptions{MayUnlock: true})
				if e := auth.AsError(err); e == nil || e.Kind != auth.KindKeychain && e.Kind != auth.KindSignIn ||
					time.Since(start) > 3*time.Second {
					t.Errorf("after %v: %v", time.Since(start), err)
				}
				time.Sleep(after + 3*time.Second)
				if s := snapshot(t, m, "renews"); s.Problem == nil || s.Problem.Code != auth.CodeKeychainAbsent {
					t.Errorf("without it the session is %s: %v", s.State, s.Problem)
				}
				k.become("")
				time.Sleep(5 * time.Second)
				if s := snapshot(t, m, "renews"); s.State != session.Active {
					t.Errorf("with it again the session is %s: %v", s.State, s.Problem)
				}
			})
		})
	}
}

// TestASilentKeychain is told at once, keeps no token from whoever has one,
// and is noticed when it goes on.
func TestASilentKeychain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newFakeKeychain(auth.CodeKeychainTimeout)
		_, m := newKeychainEnvironment(t, k)
		start := time.Now()
		if _, err := m.Token(t.Context(), "renews", session.TokenOptions{MayUnlock: true}); auth.AsError(
			err,
		).Code != auth.CodeKeychainTimeout ||
			time.Since(start) > 3*time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		k.become("")
		synctest.Wait()
		first, err := m.Token(t.Context(), "renews", session.TokenOptions{MayUnlock: true})
		if err != nil {
			t.Fatal(err)
		}
		k.become(auth.CodeKeychainTimeout)
		time.Sleep(4*time.Minute + 30*time.Second) // it is due
		start = time.Now()
		again, err := m.Token(t.Context(), "renews", session.TokenOptions{MinValid: time.Minute})
		if err != nil || again.Access == first.Access || time.Since(start) > 3*time.Second {
			t.Errorf("after %v: another token: %v, %v", time.Since(start), again.Access != first.Access, err)
		}
		if s := snapshot(t, m, "renews"); s.State != session.Active || s.Store != session.StoreMemory ||
			s.Problem.Code != auth.CodeKeychainTimeout {
			t.Errorf("the session is %s in %s: %v", s.State, s.Store, s.Problem)
		}
		k.become("")
		synctest.Wait()
		if s := snapshot(t, m, "renews"); s.Store != session.StoreKeychain || s.Problem != nil {
			t.Errorf("then it is in %s: %v", s.Store, s.Problem)
		}
		if kept, err := k.Store.Load(t.Context(), "renews"); err != nil || kept.Access != again.Access {
			t.Errorf("the keychain holds the new tokens: %v, %v", kept.Access == again.Access, err)
		}
	})
}

// TestNewerTokensInTheKeychainStay does not overwrite what another process
// stored while this one had tokens in memory only.
func TestNewerTokensInTheKeychainStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newFakeKeychain("")
		env, m := newKeychainEnvironment(t, k)
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		k.become(auth.CodeKeychainLocked)
		time.Sleep(4*time.Minute + 30*time.Second) // renewed, in memory
		if s := snapshot(t, m, "renews"); s.Store != session.StoreMemory {
			t.Fatalf("the tokens are in %s", s.Store)
		}
		time.Sleep(time.Second)
		other := env.signIn("renews")
		other.Set = "other"
		if err := k.Store.Save(t.Context(), "renews", other); err != nil {
			t.Fatal(err)
		}
		k.become("")
		synctest.Wait()
		got, err := m.Token(t.Context(), "renews", session.TokenOptions{MayUnlock: true})
		if err != nil || got.Access != other.Access {
			t.Errorf("the other's token: %v, %v", got.Access == other.Access, err)
		}
	})
}

// TestABrokenKeychainIsNotTriedWithoutEnd lets one that looks well fail.
func TestABrokenKeychainIsNotTriedWithoutEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newFakeKeychain("")
		k.breaks(
			&auth.Error{
				Kind: auth.KindKeychain,
				Code: auth.CodeKeychainFailed,
				What: "the keychain said that it stored the tokens and did not",
			},
		)
		_, m := newKeychainEnvironment(t, k)
		time.Sleep(time.Hour)
		if _, calls := k.asked(); calls < 10 || calls > 100 {
			t.Errorf("two sessions were tried %d times in an hour", calls)
		}
		k.breaks(nil)
		if _, err := m.Token(t.Context(), "renews", session.TokenOptions{MayUnlock: true}); err != nil {
			t.Errorf("fixed: %v", err)
		}
		time.Sleep(10 * time.Minute)
		_, before := k.asked()
		synctest.Wait()
		time.Sleep(time.Hour)
		refreshes := 2 * 4 * 60 / 4 // each reads and writes
		if _, calls := k.asked(); calls-before > refreshes {
			t.Errorf("%d calls in an hour in which all was well", calls-before)
		}
	})
}
