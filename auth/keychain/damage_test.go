package keychain

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"keyfob/auth"
)

// wantDamaged checks that the entry of tool is refused as damaged, that
// looking changes nothing, and that both ways out work: a new sign-in and a
// sign-out.
func wantDamaged(t *testing.T, what string, b items, tool string) {
	t.Helper()
	before := maps.Clone(b)
	_, err := over(b).load(t.Context(), tool)
	if e := auth.AsError(err); e == nil || e.Kind != auth.KindDamaged || e.Code != auth.CodeKeychainDamaged {
		t.Fatalf("%s: %v", what, err)
	}
	if !maps.Equal(b, before) {
		t.Fatalf("%s: loading changed the items", what)
	}
}

func wantWaysOut(t *testing.T, what string, b items, tool string) {
	t.Helper()
	signedIn := maps.Clone(b)
	mustSave(t, over(signedIn), tool, set("new", 2500))
	wantSet(t, over(signedIn), tool, set("new", 2500))
	if left := len(signedIn) - len(others(b, tool)); left > 1+2*3 {
		t.Fatalf("%s: a new sign-in leaves %d items behind", what, left)
	}
	if err := over(b).delete(t.Context(), tool); err != nil {
		t.Fatalf("%s: delete: %v", what, err)
	}
	for name := range b {
		if name == tool || strings.HasPrefix(name, tool+"/") {
			t.Fatalf("%s: a sign-out leaves %s behind", what, name)
		}
	}
}

// others are the items that are not the tool's.
func others(b items, tool string) items {
	left := maps.Clone(b)
	maps.DeleteFunc(left, func(name, _ string) bool { return name == tool || strings.HasPrefix(name, tool+"/") })
	return left
}

func stored(t *testing.T, tools ...string) items {
	t.Helper()
	b := items{}
	for _, name := range tools {
		mustSave(t, over(b), name, set(name, 3800))
	}
	return b
}

// parts names the items that a load reads.
func parts(b items, tool string) (names []string) {
	for name := range b {
		if name == tool || strings.HasPrefix(name, tool+"/") && name != indexName(tool) {
			names = append(names, name)
		}
	}
	return names
}

func TestEveryFlippedBitIsDamage(t *testing.T) {
	b := stored(t, tool)
	flips := 0
	for _, name := range parts(b, tool) {
		good := b[name]
		for i := range len(good) {
			if name != tool && i%7 != 0 { // chunks are long and all alike
				continue
			}
			for bit := range 8 {
				bad := []byte(good)
				bad[i] ^= 1 << bit
				b[name] = string(bad)
				wantDamaged(t, name, b, tool)
				flips++
			}
		}
		b[name] = good
	}
	wantSet(t, over(b), tool, set(tool, 3800))
	t.Logf("%d flips", flips)
}

func TestDamagedEntries(t *testing.T) {
	for _, kind := range []string{"manifest", "chunk"} {
		t.Run(kind, func(t *testing.T) {
			for what, spoil := range map[string]func(b items, name string){
				"emptied":    func(b items, name string) { b[name] = "" },
				"truncated":  func(b items, name string) { b[name] = b[name][:len(b[name])-1] },
				"cut short":  func(b items, name string) { b[name] = b[name][1:] },
				"lengthened": func(b items, name string) { b[name] += "x" },
				"blanks":     func(b items, name string) { b[name] += " " },
				"strangers":  func(b items, name string) { b[name] = "hunter2" },
				"JSON":       func(b items, name string) { b[name] = "{}" },
			} {
				b := stored(t, tool)
				for _, n := range parts(b, tool) {
					if (n == tool) == (kind == "manifest") {
						spoil(b, n)
						break
					}
				}
				wantDamaged(t, what, b, tool)
				wantWaysOut(t, what, b, tool)
			}
		})
	}
}

func TestMissingChunk(t *testing.T) {
	b := stored(t, tool)
	for _, name := range parts(b, tool) {
		if name == tool {
			continue
		}
		one := maps.Clone(b)
		delete(one, name)
		wantDamaged(t, name, one, tool)
		wantWaysOut(t, name, one, tool)
	}
}

func TestSwappedBetweenTools(t *testing.T) {
	const other = "plant5"
	b := stored(t, tool, other)
	swapped := maps.Clone(b)
	swapped[tool], swapped[other] = b[other], b[tool]
	wantDamaged(t, "manifests", swapped, tool)
	wantDamaged(t, "manifests", swapped, other)

	// All of one tool's items under the other's names.
	moved := items{}
	for name, value := range b {
		if rest, ok := strings.CutPrefix(name, tool); ok {
			moved[other+rest] = value
		}
	}
	wantDamaged(t, "everything", moved, other)
	wantWaysOut(t, "everything", moved, other)

	// Chunks of one tool under the generation of the other.
	chunks := maps.Clone(b)
	for _, a := range parts(b, tool) {
		for _, z := range parts(b, other) {
			if a != tool && z != other && strings.HasSuffix(a, "/0") && strings.HasSuffix(z, "/0") {
				chunks[a], chunks[z] = b[z], b[a]
			}
		}
	}
	wantDamaged(t, "chunks", chunks, tool)
	wantDamaged(t, "chunks", chunks, other)
}

// An old manifest that comes back, out of a backup, names the set before the
// last, which is there for as long as no other was written over it.
func TestRestoredBackup(t *testing.T) {
	b := stored(t, tool)
	old := b[tool]
	mustSave(t, over(b), tool, set("newer", 3000))
	once := maps.Clone(b)
	once[tool] = old
	wantSet(t, over(once), tool, set(tool, 3800))
	mustSave(t, over(b), tool, set("newest", 3000))
	b[tool] = old
	wantDamaged(t, "backup", b, tool)
	wantWaysOut(t, "backup", b, tool)
}

func TestNewerFormatIsLeftAlone(t *testing.T) {
	for what, write := range map[string]func(b items){
		"manifest": func(b items) {
			b[tool] = seal("keyfob", tool, format+1, map[string]any{"blob": "of the future"})
		},
		"index alone": func(b items) {
			clear(b)
			b[indexName(tool)] = seal("keyfob", indexName(tool), format+1, map[string]any{"all": 7})
		},
	} {
		t.Run(what, func(t *testing.T) {
			b := stored(t, tool)
			write(b)
			before := maps.Clone(b)
			v := over(b)
			ops := map[string]error{"save": v.save(t.Context(), tool, set("new", 10)), "delete": v.delete(t.Context(), tool)}
			if what == "manifest" {
				_, ops["load"] = v.load(t.Context(), tool)
			}
			for op, err := range ops {
				if e := auth.AsError(err); e == nil || e.Kind != auth.KindKeychain || e.Code != auth.CodeKeychainNewer {
					t.Errorf("%s: %v", op, err)
				}
			}
			if !maps.Equal(b, before) {
				t.Error("items were changed")
			}
		})
	}
}

// FuzzLoad reads whatever stands in the items. It never panics, never takes
// more memory than the items have, and calls nothing valid that was not saved.
func FuzzLoad(f *testing.F) {
	b := items{}
	if err := over(b).save(f.Context(), tool, set("seed", 10)); err != nil {
		f.Fatal(err)
	}
	for name, value := range b {
		if strings.HasSuffix(name, "/0") {
			f.Add(b[tool], value, "")
		}
	}
	f.Add(seal("keyfob", tool, 1, manifest{"g", 1 << 30, 1 << 30, "", 1 << 30}), "x", "")
	f.Add(seal("keyfob", tool, 2, manifest{}), "", "")
	f.Add(seal("keyfob", tool, 3, manifest{}), "", "")
	f.Add(
		seal("keyfob", tool, 1, manifest{"g", -1, -1, "", -1}),
		"",
		seal("keyfob", indexName(tool), 1, index{[]generation{{"g", 1 << 30}}}),
	)
	f.Fuzz(func(t *testing.T, item, chunk, list string) {
		b := items{tool: item, chunkName(tool, "g", 0): chunk, indexName(tool): list}
		if _, err := over(b).load(t.Context(), tool); err == nil {
			t.Error("something that was never saved was loaded")
		} else if k := auth.KindOf(err); k != auth.KindDamaged && k != auth.KindKeychain {
			t.Errorf("load: %v", err)
		}
		before := maps.Clone(b)
		if err := over(b).delete(t.Context(), tool); err != nil && !maps.Equal(b, before) && !errors.Is(err, errNoItem) {
			t.Errorf("a refused delete changed the items: %v", err)
		}
	})
}
