package keychain

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"

	"keyfob/auth"
)

// chunkSize is how much of a record goes into one item of a keychain that
// takes small ones, in bytes. Windows takes 2,560 bytes and macOS about 3,000
// after go-keyring's base64.
const chunkSize = 2000

// maxRewrites is how often a writer begins anew that met another one.
const maxRewrites = 4

// maxRereads is how often a reader follows writers that replace the set while
// it reads.
const maxRereads = 8

// errNoItem is a backend's answer for an item that is not there.
var errNoItem = errors.New("no such item")

// backend is a keychain of small items: the operating system's, or memory.
// Errors other than errNoItem are *auth.Error.
type backend interface {
	get(ctx context.Context, name string) (string, error)
	set(ctx context.Context, name, value string) error
	remove(ctx context.Context, name string) error
}

// vault lays token sets out over a backend. Operations on one tool must not
// overlap, except that a load may meet another process's save.
type vault struct {
	service string
	b       backend
	sizes   []int // of chunks, tried in this order where the keychain refuses one
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
		raw, err := v.b.get(ctx, manifestName(tool))
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
		// A writer may have gone on to this slot under our hands. Then the
		// manifest names another set by now.
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
		c, err := v.b.get(ctx, chunkName(tool, m.Slot, i))
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
	if m.Slot == "" || m.Chunks < 1 || m.Chunks > maxRecord || m.Length < 1 || m.Length > maxRecord {
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
	for range maxRewrites {
		if err := v.replace(ctx, tool, record); err != nil {
			return err
		}
		// A process that does not take the same lock, such as one with another
		// state folder, may have written this slot at the same time.
		if _, err := v.load(ctx, tool); auth.KindOf(err) != auth.KindDamaged {
			return nil
		}
	}
	return failed("the tokens in the keychain are replaced faster than they can be stored", nil)
}

// replace writes record as the tool's set.
func (v vault) replace(ctx context.Context, tool string, record []byte) error {
	old, err := v.entry(ctx, tool)
	if err != nil {
		return err
	}
	sha := sha256.Sum256(record)
	fresh := manifest{Slot: other(old.m.Slot), Length: len(record), SHA256: hex.EncodeToString(sha[:]), Spare: old.chunks(old.m.Slot)}
	if fresh.Chunks, err = v.write(ctx, tool, fresh.Slot, record); err != nil {
		return err
	}
	if err := v.put(ctx, manifestName(tool), seal(v.service, manifestName(tool), format, fresh)); err != nil {
		return err
	}
	// The new set is stored. What cannot be cleared away now goes with a later
	// save, or when the person signs out.
	_ = v.clear(ctx, tool, fresh.Slot, fresh.Chunks, old.chunks(fresh.Slot))
	if !old.found {
		_ = v.clear(ctx, tool, other(fresh.Slot), 0, 0)
	}
	_ = v.clearOld(ctx, tool, old)
	return nil
}

// write puts a record into a slot, and returns of how many chunks.
func (v vault) write(ctx context.Context, tool, slot string, record []byte) (n int, err error) {
	for _, size := range v.sizes {
		n, err = 0, nil
		for c := range slices.Chunk(record, size) {
			if err = v.put(ctx, chunkName(tool, slot, n), string(c)); err != nil {
				break
			}
			n++
		}
		if e := auth.AsError(err); e == nil || e.Code != auth.CodeKeychainFailed {
			return n, err
		}
	}
	return n, err
}

func (v vault) delete(ctx context.Context, tool string) error {
	if err := named(tool); err != nil {
		return err
	}
	old, err := v.entry(ctx, tool)
	if err != nil {
		return err
	}
	if err := v.writeIndex(ctx, tool, old); err != nil {
		return err
	}
	if err := v.drop(ctx, manifestName(tool)); err != nil {
		return err
	}
	for _, slot := range []string{slotA, slotB} {
		if err := v.clear(ctx, tool, slot, 0, old.chunks(slot)); err != nil {
			return err
		}
	}
	return v.clearOld(ctx, tool, old)
}

// put stores an item and reads it back: a keychain whose prompt was dismissed
// has been seen to report success and store nothing.
func (v vault) put(ctx context.Context, name, value string) error {
	if err := ctx.Err(); err != nil {
		return ended(err)
	}
	if err := v.b.set(ctx, name, value); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return ended(err)
	}
	got, err := v.b.get(ctx, name)
	if err != nil && !errors.Is(err, errNoItem) {
		return err
	}
	if got != value {
		return failed("the keychain said that it stored the tokens and did not", nil)
	}
	return nil
}

// drop removes an item and looks whether it is gone.
func (v vault) drop(ctx context.Context, name string) error {
	if err := ctx.Err(); err != nil {
		return ended(err)
	}
	if err := v.b.remove(ctx, name); errors.Is(err, errNoItem) {
		return nil
	} else if err != nil {
		return err
	}
	switch _, err := v.b.get(ctx, name); {
	case errors.Is(err, errNoItem):
		return nil
	case err != nil:
		return err
	}
	return failed("the keychain said that it deleted the tokens and did not", nil)
}

func named(tool string) error {
	if tool == "" {
		return &auth.Error{Kind: auth.KindUsage, Code: auth.CodeNoTool, What: "no tool was named"}
	}
	return nil
}
