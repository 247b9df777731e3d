// Package assets holds the files that Keyfob shows and installs: the icons, the
// pages of the callback, the desktop entry. It owns their bytes and nothing
// else: it must never decide what is shown, and never read from a disk.
package assets
