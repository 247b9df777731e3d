package keychain

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"

	"keyfob/auth"
)

// chunkSize is how much of a record goes into one item, in bytes. Windows
// takes 2,560 bytes and macOS about 3,000 after go-keyring's base64.
const chunkSize = 2000

// maxListed bounds the index, so that it stays one small item even where
// nothing can be removed.
const maxListed = 32

// maxRereads is how often a reader follows writers that replace the set while
// it reads.
const maxRereads = 8

// errNoItem is a backend's answer for an item that is not there.
var errNoItem = errors.New("no such item")

// backend is a keychain of small items: the operating system's, or memory.
// Errors other than errNoItem are *auth.Error.
type backend interface {
	get(name string) (string, error)
	set(name, value string) error
	remove(name string) error
}

// vault lays token sets out over a backend. Operations on one tool must not
// overlap, except that a load may meet another process's save.
type vault struct {
	service string
	b       backend
}

func (v vault) load(ctx context.Context, tool string) (auth.Tokens, error) {
	if err := named(tool); err != nil {
		return auth.Tokens{}, err
	}
	last := ""
	for range maxRereads {
		if err := ctx.Err(); err != nil {
			return auth.Tokens{}, ended(err)
		}
		raw, err := v.b.get(manifestName(tool))
		if errors.Is(err, errNoItem) {
			return auth.Tokens{}, ErrNotFound
		}
		if err != nil {
			return auth.Tokens{}, err
		}
		m, err := v.manifest(tool, raw)
		if err != nil {
			return auth.Tokens{}, err
		}
		record, err := v.record(ctx, tool, m)
		if err == nil {
			return decode(record)
		}
		// A writer may have removed the generation under our hands. Then the
		// manifest names another one by now.
		if auth.KindOf(err) != auth.KindDamaged || raw == last {
			return auth.Tokens{}, err
		}
		last = raw
	}
	return auth.Tokens{}, failed("the tokens in the keychain are replaced faster than they can be read", nil)
}

// record reads and checks the chunks of m.
func (v vault) record(ctx context.Context, tool string, m manifest) ([]byte, error) {
	var b []byte
	for i := range m.Chunks {
		if err := ctx.Err(); err != nil {
			return nil, ended(err)
		}
		c, err := v.b.get(chunkName(tool, m.Generation, i))
		if errors.Is(err, errNoItem) {
			return nil, damaged("a part is missing")
		}
		if err != nil {
			return nil, err
		}
		if b = append(b, c...); len(b) > m.Length {
			break
		}
	}
	if sha := sha256.Sum256(b); len(b) != m.Length || hex.EncodeToString(sha[:]) != m.SHA256 {
		return nil, damaged("a part was changed")
	}
	return b, nil
}

func (v vault) manifest(tool, raw string) (m manifest, err error) {
	if err := unseal(v.service, manifestName(tool), raw, &m); err != nil {
		return m, err
	}
	if m.Generation == "" || m.Chunks < 1 || m.Chunks > maxRecord || m.Length < 1 || m.Length > maxRecord {
		return m, damaged("an item is not what keyfob writes")
	}
	return m, nil
}

func (v vault) save(ctx context.Context, tool string, t auth.Tokens) error {
	if err := named(tool); err != nil {
		return err
	}
	record, err := encode(t)
	if err != nil {
		return err
	}
	old, _, err := v.listed(ctx, tool)
	if err != nil {
		return err
	}
	chunks := slices.Collect(slices.Chunk(record, chunkSize))
	fresh := generation{ID: rand.Text(), Chunks: len(chunks)}
	if err := v.putIndex(ctx, tool, append(slices.Clone(old), fresh)); err != nil {
		return err
	}
	for i, c := range chunks {
		if err := v.put(ctx, chunkName(tool, fresh.ID, i), string(c)); err != nil {
			return err
		}
	}
	sha := sha256.Sum256(record)
	m := manifest{Generation: fresh.ID, Chunks: fresh.Chunks, Length: len(record), SHA256: hex.EncodeToString(sha[:])}
	if err := v.put(ctx, manifestName(tool), seal(v.service, manifestName(tool), format, m)); err != nil {
		return err
	}
	// The new set is stored. What cannot be cleared away now stays in the
	// index and is cleared by the next save.
	left := slices.DeleteFunc(old, func(g generation) bool { return v.clear(ctx, tool, g) == nil })
	_ = v.putIndex(ctx, tool, append(left, fresh))
	return nil
}

func (v vault) delete(ctx context.Context, tool string) error {
	if err := named(tool); err != nil {
		return err
	}
	old, known, err := v.listed(ctx, tool)
	if err != nil {
		return err
	}
	if !known && len(old) > 0 { // once the manifest is gone, only the index finds the chunks
		if err := v.putIndex(ctx, tool, old); err != nil {
			return err
		}
	}
	if err := v.drop(ctx, manifestName(tool)); err != nil {
		return err
	}
	for _, g := range old {
		if err := v.clear(ctx, tool, g); err != nil {
			return err
		}
	}
	return v.drop(ctx, indexName(tool))
}

// listed gives every generation of the tool that may have chunks, by the index
// and the manifest, and whether the index lists them all. Of damaged items it
// takes what can be made out; those of a newer format are an error, and so
// nothing is changed.
func (v vault) listed(ctx context.Context, tool string) (all []generation, known bool, err error) {
	if err := ctx.Err(); err != nil {
		return nil, false, ended(err)
	}
	readable := func(err error) bool { return err == nil || auth.KindOf(err) == auth.KindDamaged }
	raw, err := v.b.get(indexName(tool))
	if err == nil {
		var x index
		err = unseal(v.service, indexName(tool), raw, &x)
		all = x.Generations
	}
	if !errors.Is(err, errNoItem) && !readable(err) {
		return nil, false, err
	}
	raw, err = v.b.get(manifestName(tool))
	if errors.Is(err, errNoItem) {
		return all, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	m, err := v.manifest(tool, raw)
	if !readable(err) {
		return nil, false, err
	}
	if m.Generation == "" || slices.ContainsFunc(all, func(g generation) bool { return g.ID == m.Generation }) {
		return all, true, nil
	}
	return append(all, generation{ID: m.Generation, Chunks: m.Chunks}), false, nil
}

func (v vault) putIndex(ctx context.Context, tool string, all []generation) error {
	all = all[max(0, len(all)-maxListed):]
	return v.put(ctx, indexName(tool), seal(v.service, indexName(tool), format, index{all}))
}

// put stores an item and reads it back: a keychain whose prompt was dismissed
// has been seen to report success and store nothing.
func (v vault) put(ctx context.Context, name, value string) error {
	if err := ctx.Err(); err != nil {
		return ended(err)
	}
	if err := v.b.set(name, value); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return ended(err)
	}
	got, err := v.b.get(name)
	if err != nil && !errors.Is(err, errNoItem) {
		return err
	}
	if got != value {
		return failed("the keychain said that it stored the tokens and did not", nil)
	}
	return nil
}

// clear removes the chunks of g, those that are there.
func (v vault) clear(ctx context.Context, tool string, g generation) error {
	for i := range min(g.Chunks, maxRecord/chunkSize+1) {
		if err := v.drop(ctx, chunkName(tool, g.ID, i)); err != nil {
			return err
		}
	}
	return nil
}

// drop removes an item and looks whether it is gone.
func (v vault) drop(ctx context.Context, name string) error {
	if err := ctx.Err(); err != nil {
		return ended(err)
	}
	if err := v.b.remove(name); errors.Is(err, errNoItem) {
		return nil
	} else if err != nil {
		return err
	}
	switch _, err := v.b.get(name); {
	case errors.Is(err, errNoItem):
		return nil
	case err != nil:
		return err
	}
	return failed("the keychain said that it deleted the tokens and did not", nil)
}

func named(tool string) error {
	if tool == "" {
		return &auth.Error{Kind: auth.KindUsage, Code: "no_tool", What: "no tool was named"}
	}
	return nil
}
