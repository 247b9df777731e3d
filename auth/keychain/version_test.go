package keychain

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"keyfob/auth"
)

// old writes a set as version 1 did: a generation with a random name, and an
// index that lists it.
func old(t *testing.T, b items, tool, name string, s auth.Tokens) {
	t.Helper()
	record, err := encode(s)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for c := range slices.Chunk(record, chunkSize) {
		b[chunkName(tool, name, n)] = string(c)
		n++
	}
	sha := sha256.Sum256(record)
	b[tool] = seal(
		"keyfob",
		tool,
		1,
		map[string]any{"generation": name, "chunks": n, "length": len(record), "sha256": hex.EncodeToString(sha[:])},
	)
	b[indexName(tool)] = seal("keyfob", indexName(tool), 1, index{[]generation{{"LEFTOVER", 2}, {name, n}}})
	b[chunkName(tool, "LEFTOVER", 0)] = "of a save that was cut off"
}

// What version 1 wrote is read, moved over by the next save at whatever step
// that is killed, and goes with a sign-out.
func TestVersionOneIsMovedOver(t *testing.T) {
	first, next := set("first", 5000), set("next", 3000)
	for n := 1; ; n++ {
		b := items{}
		old(t, b, tool, "QRANDOMQ", first)
		wantSet(t, over(b), tool, first)
		died := killed(b, n, n%2 == 0, func(v vault) error { return v.save(t.Context(), tool, next) })
		got, err := over(b).load(t.Context(), tool)
		if err != nil || !reflect.DeepEqual(got, first) && !reflect.DeepEqual(got, next) {
			t.Fatalf("step %d: %v", n, err)
		}
		gone := maps.Clone(b)
		if err := over(gone).delete(t.Context(), tool); err != nil || len(gone) != 0 {
			t.Fatalf("step %d: delete: %v, left %v", n, err, slices.Collect(maps.Keys(gone)))
		}
		mustSave(t, over(b), tool, next)
		for name := range b {
			if strings.Contains(name, "RANDOM") || strings.Contains(name, "LEFTOVER") || name == indexName(tool) {
				t.Fatalf("step %d: %s is left", n, name)
			}
		}
		if !died {
			break
		}
	}
}
