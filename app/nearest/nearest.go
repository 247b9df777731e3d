// Package nearest finds what somebody meant who mistyped a word. It knows no
// words of its own. It must never guess: where no word is near it says nothing.
package nearest

import "strings"

// Of returns the known word that word was probably meant to be, or "".
func Of(word string, known []string) string {
	plain := strings.NewReplacer("_", "", "-", "", ".", "", " ", "")
	w := plain.Replace(strings.ToLower(word))
	if len(w) > 64 {
		return ""
	}
	best, least := "", 0
	for _, k := range known {
		p := plain.Replace(k)
		n := distance(w, p)
		if len(p) >= 4 && (strings.HasPrefix(w, p) || len(w) >= 4 && strings.HasPrefix(p, w)) {
			n = min(n, 1)
		}
		if n <= max(1, len(p)/3) && (best == "" || n < least) {
			best, least = k, n
		}
	}
	return best
}

// distance is the number of single-byte changes, swaps of neighbours included,
// that turn a into b (optimal string alignment).
func distance(a, b string) int {
	var older, old []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		older, old = old, row
		row = make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(old[j]+1, row[j-1]+1, old[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
