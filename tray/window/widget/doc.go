// Package widget holds the building blocks of Keyfob's windows: controls that
// can be used without a mouse, text that wraps, layouts that know the height of
// such text ahead of time, and the measures and colours that all of them share.
//
// It knows nothing of sessions, settings or the engine, and must never ask them
// anything: it shows what it is given, and tells of what a person does through
// functions that it is given. All of it belongs to Fyne's goroutine.
//
// What goes into a layout is the Object of a control: the control with the ring
// that shows where the focus is, which Fyne's own faint tint does not.
package widget
