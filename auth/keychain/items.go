package keychain

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
)

// format is the version of the layout that this package writes, and the
// newest that it reads. Version 1 gave each generation a random name and kept
// a list of them in an index item; the next save moves such an entry over.
const format = 2

// The slots that sets are written to in turn.
const (
	slotA = "a"
	slotB = "b"
)

// other is the slot that is written after slot.
func other(slot string) string {
	if slot == slotA {
		return slotB
	}
	return slotA
}

// Names of the items of one tool. The tool's ID is escaped so that it never
// holds the slash which separates the parts.
func manifestName(tool string) string { return url.PathEscape(tool) }
func indexName(tool string) string    { return url.PathEscape(tool) + "/index" }
func chunkName(tool, slot string, i int) string {
	return url.PathEscape(tool) + "/" + slot + "/" + strconv.Itoa(i)
}

// manifest says which slot counts. Replacing it is the commit point.
type manifest struct {
	Slot   string `json:"generation"` // of version 1: a random name
	Chunks int    `json:"chunks"`
	Length int    `json:"length"` // of the record, in bytes
	SHA256 string `json:"sha256"` // of the record, hexadecimal
	Spare  int    `json:"spare"`  // chunks that the other slot may have
}

// index lists what version 1 may have left: every generation of which chunks
// may be there.
type index struct {
	Generations []generation `json:"generations"`
}

type generation struct {
	ID     string `json:"id"`
	Chunks int    `json:"chunks"`
}

// seal writes v as the item name. The head "keyfob<format> <sum> " is the same
// in every format to come: the sum covers all of the rest, the format and the
// item's own name. So a damaged item is told from one of a newer format, and
// an item that stands under another tool's name is noticed.
func seal(service, name string, version int, v any) string {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // only the plain structs above are sealed
	}
	return "keyfob" + strconv.Itoa(version) + " " + sum(service, name, version, string(body)) + " " + string(body)
}

// unseal reads what seal wrote into v. Errors are those of damaged and newer.
// With an error, v holds what could be made out all the same, good for nothing
// but finding what to clear away.
func unseal(service, name, item string, v any) error {
	head, body, ok := strings.Cut(item, "{")
	body = "{" + body
	f := strings.Split(head, " ")
	if !ok || len(f) != 3 || f[2] != "" {
		return damaged("an item is not what keyfob writes")
	}
	number, ok := strings.CutPrefix(f[0], "keyfob")
	version, err := strconv.Atoi(number)
	if !ok || err != nil || strconv.Itoa(version) != number || f[1] != sum(service, name, version, body) {
		_ = json.Unmarshal([]byte(body), v)
		return damaged("an item was changed or belongs to another tool")
	}
	if version > format {
		return newer()
	}
	if version < 1 || json.Unmarshal([]byte(body), v) != nil {
		return damaged("an item is not what keyfob writes")
	}
	return nil
}

func sum(service, name string, version int, body string) string {
	h := sha256.New()
	for _, s := range []string{service, name, strconv.Itoa(version), body} {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))
}
