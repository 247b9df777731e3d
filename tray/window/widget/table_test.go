package widget

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

// smallTable has what a table can have.
func smallTable() TableData {
	return TableData{
		Notes: []string{"This is said above the table."},
		Head:  []string{"Name", "Value", "Meaning"},
		Rows: []TableRow{
			{Cells: []string{"iss", "https://sso.example.com", "Who issued it"}, Copy: "https://sso.example.com"},
			{Cells: []string{"aud", "– plant", ""}, Copy: "plant"},
			{Cells: []string{"And 3 more, which are not shown"}},
			{Cells: []string{"Header"}},
			{Cells: []string{"scp", "✓ granted", "✗ not asked"}, Bad: true, Copy: "JWT"},
		},
	}
}

// longTable says long things, with and without spaces, and many of them.
func longTable() TableData {
	d := smallTable()
	d.Notes = append(d.Notes, strings.Repeat("a long sentence ", 30))
	d.Rows = append(
		d.Rows,
		TableRow{Cells: []string{"sub", strings.Repeat("W", 600), ""}},
		TableRow{Cells: []string{"iss", "https://" + strings.Repeat("very-long-host-name.", 20), "Who issued it"}},
		TableRow{Cells: []string{
			strings.Repeat("an endless name", 10), "✓ " + strings.Repeat("a group ", 60), strings.Repeat("why ", 40),
		}},
	)
	for i := range 120 {
		d.Rows = append(d.Rows, TableRow{Cells: []string{fmt.Sprint("claim", i), fmt.Sprint(i), ""}, Copy: fmt.Sprint("copy ", i)})
	}
	return d
}

// newTestTable is a table in a window, and what was copied of it last.
func newTestTable(t *testing.T, d TableData) (*Table, fyne.Window, *string) {
	t.Helper()
	copied := new(string)
	table := NewTable(func(r TableRow) { *copied = r.Copy }, func(bool) {}, func() { *copied = "esc" })
	win := test.NewTempApp(t).NewWindow("")
	win.SetPadded(false)
	win.SetContent(table.Object())
	win.Resize(fyne.NewSize(720, 300))
	table.Set(d, true)
	return table, win, copied
}

// TestTableLayout measures tables of several widths and scales: nothing is cut
// off, outside, or over something else, and all of it can be scrolled to.
func TestTableLayout(t *testing.T) {
	four := TableData{Head: []string{"Scope", "Asked for", "Granted", "What it is for"}, Rows: []TableRow{
		{Cells: []string{"api://" + strings.Repeat("w", 150), "✓ asked", "✗ not granted", strings.Repeat("to read ", 30)}, Bad: true},
		{Cells: []string{"profile", "– not asked", "✓ granted", ""}},
	}}
	for name, d := range map[string]TableData{"small": smallTable(), "long": longTable(), "four columns": four, "empty": {}} {
		table, win, _ := newTestTable(t, d)
		for _, scale := range []float32{1, 2} {
			win.Canvas().(test.WindowlessCanvas).SetScale(scale)
			for _, size := range []fyne.Size{
				{Width: 320, Height: 200}, {Width: 480, Height: 300}, {Width: 720, Height: 520}, {Width: 1200, Height: 800},
			} {
				win.Resize(size)
				checkTable(t, table, fmt.Sprintf("%s, %v at %v", name, size, scale))
			}
		}
	}
}

func checkTable(t *testing.T, table *Table, what string) {
	t.Helper()
	bottom := float32(0)
	for i, row := range table.rows {
		if row.top < bottom-1 {
			t.Errorf("%s: row %d begins at %v, above %v", what, i, row.top, bottom)
		}
		bottom = row.bottom
		right := float32(0)
		for j, c := range row.cells {
			l := c.text
			if l.Text == "" {
				continue
			}
			pad := theme.InnerPadding()
			if l.MinSize().Height > l.Size().Height+1 || l.Position().Y+pad < row.top || l.Position().Y+l.Size().Height-pad > row.bottom+1 {
				t.Errorf("%s: cell %d of row %d is cut off", what, j, i)
			}
			if table.width >= tableNarrow && l.Position().X+pad < right {
				t.Errorf("%s: cell %d of row %d lies over the one before", what, j, i)
			}
			right = l.Position().X + l.Size().Width - pad
			if right > table.width+1 {
				t.Errorf("%s: cell %d of row %d ends at %v of %v", what, j, i, right, table.width)
			}
		}
	}
	if d := table.scroll.Content.Size().Height - max(table.height, table.scroll.Size().Height); d < -1 || d > 1 {
		t.Errorf("%s: %v high, of which %v can be scrolled to", what, table.height, table.scroll.Content.Size().Height)
	}
}

// TestTableScrollsToItsRow goes through a long table with the keyboard: the
// current row is always in sight.
func TestTableScrollsToItsRow(t *testing.T) {
	table, win, _ := newTestTable(t, longTable())
	win.Canvas().Focus(table)
	for _, keys := range [][]fyne.KeyName{
		{fyne.KeyEnd},
		{fyne.KeyUp, fyne.KeyUp},
		{fyne.KeyPageUp},
		{fyne.KeyPageUp, fyne.KeyPageUp},
		{fyne.KeyHome},
		{fyne.KeyPageDown},
		{fyne.KeyDown},
	} {
		before := table.current
		for _, key := range keys {
			table.TypedKey(&fyne.KeyEvent{Name: key})
		}
		row := table.rows[table.current]
		tall := row.bottom-row.top > table.scroll.Size().Height
		if at, seen := table.scroll.Offset.Y, table.scroll.Size().Height; !tall && (row.top < at-1 || row.bottom > at+seen+1) {
			t.Errorf("%v: row %d from %v to %v is out of sight at %v", keys, table.current, row.top, row.bottom, at)
		}
		if table.current == before {
			t.Errorf("%v leaves the row where it is", keys)
		}
	}
}

// TestATableThatChangesLittleStays keeps the row and the place, and one of
// another form begins at its top.
func TestATableThatChangesLittleStays(t *testing.T) {
	d := longTable()
	table, win, copied := newTestTable(t, d)
	win.Canvas().Focus(table)
	table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	offset := table.scroll.Offset
	d.Rows[0].Cells = []string{"iss", "https://elsewhere.example.com", "Who issued it"}
	table.Set(d, false)
	table.TypedShortcut(&fyne.ShortcutCopy{})
	if *copied != "copy 119" || table.scroll.Offset != offset {
		t.Errorf("copies %q, scrolled from %v to %v", *copied, offset, table.scroll.Offset)
	}
	other := smallTable()
	other.Rows = append([]TableRow{{Cells: []string{"A heading"}}}, other.Rows...)
	table.Set(other, true)
	table.KeyDown(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if *copied != "https://sso.example.com" || table.scroll.Offset.Y != 0 {
		t.Errorf("copies %q, scrolled to %v", *copied, table.scroll.Offset)
	}
}
