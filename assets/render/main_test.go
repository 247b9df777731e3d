package main

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// The committed pictures must be those of the committed drawings. Pixels are
// compared, since compressed bytes may differ between Go releases.
func TestCommittedFilesAreCurrent(t *testing.T) {
	const dir = ".."
	want, err := render(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range want {
		have, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Errorf("%v; run go generate ./assets", err)
			continue
		}
		if !samePixels(t, have, data) {
			t.Errorf("%s is not what its drawing gives; run go generate ./assets", name)
		}
	}
	for _, folder := range []string{"icons", "hicolor"} {
		kept, err := filepath.Glob(filepath.Join(dir, folder, "*.png"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range kept {
			if _, ok := want[folder+"/"+filepath.Base(path)]; !ok {
				t.Errorf("%s belongs to no drawing", path)
			}
		}
	}
}

func samePixels(t *testing.T, a, b []byte) bool {
	t.Helper()
	x, y := decode(t, a), decode(t, b)
	if x.Bounds() != y.Bounds() {
		return false
	}
	for i := range x.Bounds().Dx() {
		for j := range x.Bounds().Dy() {
			if x.At(i, j) != y.At(i, j) {
				return false
			}
		}
	}
	return true
}

func decode(t *testing.T, data []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}
