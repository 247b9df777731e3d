package keychain

import (
	"context"
	"errors"

	"keyfob/auth"
)

// entry is what is known of a tool's items before they are changed.
type entry struct {
	m     manifest // as far as it can be made out
	found bool     // there is a manifest that can be read
	index bool     // there is an index of version 1
	old   []generation
}

// chunks is how many chunks a slot may have, by the manifest.
func (e entry) chunks(slot string) int {
	switch e.m.Slot {
	case slot:
		return e.m.Chunks
	case other(slot):
		return e.m.Spare
	}
	return 0
}

// entry reads what is known of a tool's items. Of damaged ones it takes what can
// be made out; those of a newer format are an error, and so nothing is changed.
func (v vault) entry(ctx context.Context, tool string) (e entry, err error) {
	if err := ctx.Err(); err != nil {
		return e, ended(err)
	}
	readable := func(err error) bool {
		return err == nil || errors.Is(err, errNoItem) || auth.KindOf(err) == auth.KindDamaged
	}
	raw, err := v.b.get(ctx, manifestName(tool))
	if err == nil {
		e.m, err = v.manifest(tool, raw)
		e.found = err == nil
	}
	if !readable(err) {
		return e, err
	}
	raw, err = v.b.get(ctx, indexName(tool))
	if err == nil {
		e.index = true
		var x index
		err = unseal(v.service, indexName(tool), raw, &x)
		e.old = x.Generations
	}
	if !readable(err) {
		return e, err
	}
	if e.m.Slot != "" && e.m.Slot != slotA && e.m.Slot != slotB { // of version 1, and perhaps not in its index
		e.old = append(e.old, generation{e.m.Slot, e.m.Chunks})
	}
	return e, nil
}

// writeIndex writes an index where only the manifest, which is about to go,
// finds the chunks of a generation.
func (v vault) writeIndex(ctx context.Context, tool string, e entry) error {
	if e.index || len(e.old) == 0 {
		return nil
	}
	return v.put(ctx, indexName(tool), seal(v.service, indexName(tool), 1, index{e.old}))
}

// clear removes a slot's chunks from the given one on: as many as it may have,
// and those behind, which a save that was cut off left. The last goes first, so
// that what is left after a kill has no gap.
func (v vault) clear(ctx context.Context, tool, slot string, from, known int) error {
	end := max(from, min(known, maxRecord/chunkSize+1))
	for {
		if err := ctx.Err(); err != nil {
			return ended(err)
		}
		_, err := v.b.get(ctx, chunkName(tool, slot, end))
		if errors.Is(err, errNoItem) {
			break
		}
		if err != nil {
			return err
		}
		end++
	}
	for i := end - 1; i >= from; i-- {
		if err := v.drop(ctx, chunkName(tool, slot, i)); err != nil {
			return err
		}
	}
	return nil
}

// clearOld removes what version 1 wrote, and its index once nothing is left
// that it names.
func (v vault) clearOld(ctx context.Context, tool string, e entry) error {
	for _, g := range e.old {
		for i := range min(g.Chunks, maxRecord/chunkSize+1) {
			if err := v.drop(ctx, chunkName(tool, g.ID, i)); err != nil {
				return err
			}
		}
	}
	if !e.index && len(e.old) == 0 {
		return nil
	}
	return v.drop(ctx, indexName(tool))
}
