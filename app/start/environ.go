package start

import "strings"

// environ is what an engine gets of the caller's environment. Everything else is
// the caller's own business: secrets of other programs, marks by which a job runner
// ends what a job left behind, and settings of the Go runtime.
func environ(all []string) []string {
	var kept []string
	for _, v := range all {
		if name, _, ok := strings.Cut(v, "="); ok && passes(name) {
			kept = append(kept, v)
		}
	}
	return kept
}
