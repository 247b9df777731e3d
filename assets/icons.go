package assets

import (
	"embed"
	"encoding/binary"
	"fmt"
)

//go:generate go run ./render

// icons holds the drawings as rendered by the command above.
//
//go:embed icons/*.png
var icons embed.FS

// Icon is one picture of the tray: the state of all sessions in one sign, told
// apart by shape as well as by colour.
type Icon string

// The icons. Each names a drawing under icons.
const (
	IconOut     Icon = "out"     // nobody is signed in
	IconWell    Icon = "well"    // everything that is signed in stays so
	IconSoon    Icon = "soon"    // access ends soon
	IconNeeds   Icon = "needs"   // a person has to do something
	IconWorking Icon = "working" // a sign-in is under way
	IconProblem Icon = "problem" // something is wrong that a sign-in does not fix
)

// Icons lists all icons, the calmest first.
func Icons() []Icon {
	return []Icon{IconOut, IconWell, IconSoon, IconWorking, IconProblem, IconNeeds}
}

// PNG returns the icon at 44 pixels, for a menu bar of 22 points.
func (i Icon) PNG() []byte { return i.file("44") }

// SNI returns the icon as fyne.io/systray has to be given it for a
// StatusNotifierItem; the command in render says why it is not [Icon.PNG].
func (i Icon) SNI() []byte { return i.file("sni") }

// ICO returns the icon as a Windows icon file with the sizes of a taskbar at
// 100, 125, 150, 200 and 300 per cent.
func (i Icon) ICO() []byte {
	var pngs [][]byte
	for _, size := range []string{"16", "20", "24", "32", "48"} {
		pngs = append(pngs, i.file(size))
	}
	return ico(pngs)
}

// file reads one rendering. A missing one is a mistake of this package's
// author, which its test finds.
func (i Icon) file(variant string) []byte {
	b, err := icons.ReadFile(fmt.Sprintf("icons/%s-%s.png", string(i), variant))
	if err != nil {
		panic(err)
	}
	return b
}

// ico wraps PNG files in an icon file, which Windows reads since Vista. The
// format is a header of 6 bytes, an entry of 16 bytes for each picture, and
// the pictures.
func ico(pngs [][]byte) []byte {
	le := binary.LittleEndian
	out := le.AppendUint16(nil, 0)
	out = le.AppendUint16(out, 1) // an icon, not a cursor
	out = le.AppendUint16(out, uint16(len(pngs)))
	offset := uint32(6 + 16*len(pngs))
	for _, p := range pngs {
		// A PNG file's width and height stand at offset 16 of it.
		width, height := binary.BigEndian.Uint32(p[16:]), binary.BigEndian.Uint32(p[20:])
		out = append(out, uint8(width), uint8(height), 0, 0)
		out = le.AppendUint16(out, 1)  // planes
		out = le.AppendUint16(out, 32) // bits a pixel
		out = le.AppendUint32(out, uint32(len(p)))
		out = le.AppendUint32(out, offset)
		offset += uint32(len(p))
	}
	for _, p := range pngs {
		out = append(out, p...)
	}
	return out
}
