package keychain

import (
	"context"
	"reflect"
	"sync"
	"testing"

	"keyfob/auth"
)

// A reader in another process never sees a torn set, however fast the writer.
func TestLoadWhileSaving(t *testing.T) {
	b := &shared{backend: items{}}
	sets := []auth.Tokens{set("even", 5000), set("odd", 9000)}
	mustSave(t, over(b), tool, sets[0])
	ctx, cancel := context.WithCancel(t.Context())
	var writer sync.WaitGroup
	writer.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			if err := over(b).save(t.Context(), tool, sets[i%2]); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for range 2000 {
		got, err := over(b).load(t.Context(), tool)
		if auth.KindOf(err) == auth.KindDamaged {
			t.Fatal(err)
		}
		if err == nil && !reflect.DeepEqual(got, sets[0]) && !reflect.DeepEqual(got, sets[1]) {
			t.Fatal("a torn set was loaded")
		}
	}
	cancel()
	writer.Wait()
}

// between calls meet once, before the manifest is written.
type between struct {
	backend
	meet func()
}

func (b *between) set(ctx context.Context, name, value string) error {
	if meet := b.meet; meet != nil && name == manifestName(tool) {
		b.meet = nil
		meet()
	}
	return b.backend.set(ctx, name, value)
}

// TestWritersMeet has a process that holds another lock write a set while this
// one does. One of the two sets is there afterwards.
func TestWritersMeet(t *testing.T) {
	b := items{}
	mustSave(t, over(b), tool, set("first", 500))
	mine, theirs := set("mine", 5000), set("theirs", 9000)
	met := &between{b, func() { mustSave(t, over(b), tool, theirs) }}
	if err := over(met).save(t.Context(), tool, mine); err != nil {
		t.Fatal(err)
	}
	got, err := over(b).load(t.Context(), tool)
	if err != nil || !reflect.DeepEqual(got, mine) && !reflect.DeepEqual(got, theirs) {
		t.Errorf("loaded %v, %v", got.Set, err)
	}
}

// shared makes a backend safe for several goroutines, item by item, as the
// processes of one machine share a keychain.
type shared struct {
	mu sync.Mutex
	backend
}

func (s *shared) get(ctx context.Context, name string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.backend.get(ctx, name)
}

func (s *shared) set(ctx context.Context, name, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.backend.set(ctx, name, value)
}

func (s *shared) remove(ctx context.Context, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.backend.remove(ctx, name)
}
