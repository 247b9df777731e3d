package browser

import (
	"io"
	"os"
	"sync"

	"github.com/pkg/browser"
)

// silence keeps the opener's output away from ours, which programs read. The
// library has no other place for it than two variables of its own, written
// here once and never again, since openers of earlier calls may still run. It
// is a file, because the library would copy anything else until the browser
// ends.
var silence = sync.OnceFunc(func() {
	browser.Stdout, browser.Stderr = io.Discard, io.Discard
	if null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		browser.Stdout, browser.Stderr = null, null
	}
})

// byLibrary opens address with the program that the library knows for this
// system.
func byLibrary(address string) error {
	silence()
	return browser.OpenURL(address)
}
