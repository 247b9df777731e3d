//go:build darwin && cgo

package clipboard

/*
#cgo CFLAGS: -x objective-c -fobjc-arc
#cgo LDFLAGS: -framework AppKit -framework Foundation

#import <AppKit/AppKit.h>

// keyfobPut puts a text on the clipboard of this machine alone, marked as one
// that clipboard managers leave out (nspasteboard.org). It returns the number
// of the change, or -1.
static long keyfobPut(const void *text, long length) {
	@autoreleasepool {
		NSString *s = [[NSString alloc] initWithBytes:text length:(NSUInteger)length encoding:NSUTF8StringEncoding];
		if (s == nil) {
			return -1;
		}
		NSPasteboardItem *item = [[NSPasteboardItem alloc] init];
		[item setString:s forType:NSPasteboardTypeString];
		[item setString:@"" forType:@"org.nspasteboard.ConcealedType"];
		NSPasteboard *board = [NSPasteboard generalPasteboard];
		[board prepareForNewContentsWithOptions:NSPasteboardContentsCurrentHostOnly];
		if (![board writeObjects:@[ item ]]) {
			return -1;
		}
		return (long)[board changeCount];
	}
}

static long keyfobChange(void) {
	@autoreleasepool {
		return (long)[[NSPasteboard generalPasteboard] changeCount];
	}
}

static void keyfobEmpty(void) {
	@autoreleasepool {
		[[NSPasteboard generalPasteboard] clearContents];
	}
}
*/
import "C"

import (
	"context"
	"unsafe"

	"keyfob/auth"
)

// boardHolder is a text that macOS holds: it stays when this process ends.
type boardHolder struct {
	change C.long // the clipboard's number while it is ours
}

func put(_ context.Context, text auth.Secret, _ bool) (holder, error) {
	raw := append([]byte(text.Reveal()), 0) // never empty, so that there is an address
	change := C.keyfobPut(unsafe.Pointer(&raw[0]), C.long(len(raw)-1))
	if change < 0 {
		return nil, unavailable("macOS does not take the text for the clipboard", "use `keyfob token`", nil)
	}
	return &boardHolder{change: change}, nil
}

func (h *boardHolder) owned() bool { return C.keyfobChange() == h.change }

// clear looks and clears in two steps: macOS has no single one.
func (h *boardHolder) clear(context.Context) error {
	if h.owned() {
		C.keyfobEmpty()
	}
	return nil
}

func (h *boardHolder) drop() {}

func (h *boardHolder) leave(context.Context) {}
