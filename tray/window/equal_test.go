package window

import (
	"reflect"
	"testing"

	"keyfob/tray/window/widget"
)

// TestEqualForgetsNoField changes each field of each view, which must not be
// equal to what it was then: a change that is taken for none is not drawn.
func TestEqualForgetsNoField(t *testing.T) {
	wantEveryField(t, promptModel.Equal)
	wantEveryField(t, promptRow.Equal)
	wantEveryField(t, toolDetail.Equal)
	wantEveryField(t, tokenModel.Equal)
	wantEveryField(t, waitingModel.Equal)
	wantEveryField(t, settingsModel.Equal)
	wantEveryField(t, func(a, b checkModel) bool { return a.Equal(&b) })
	wantEveryField(t, widget.TableData.Equal)
	wantEveryField(t, widget.TableRow.Equal)
	wantEveryField(t, func(a, b importRow) bool {
		return importModel{Entries: []importRow{a}}.sameEntries(importModel{Entries: []importRow{b}})
	})
}

func wantEveryField[T any](t *testing.T, equal func(a, b T) bool) {
	t.Helper()
	var was T
	if !equal(was, was) {
		t.Errorf("%T does not equal itself", was)
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		var is T
		changed(reflect.ValueOf(&is).Elem().FieldByIndex(field.Index))
		if equal(was, is) || equal(is, was) {
			t.Errorf("%T: a change of %s is taken for none", was, field.Name)
		}
		if !equal(is, is) {
			t.Errorf("%T with another %s does not equal itself", was, field.Name)
		}
	}
}

// changed gives v another value than its zero one.
func changed(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(1)
	case reflect.Float32:
		v.SetFloat(1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		changed(v.Index(0))
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		changed(key)
		changed(value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		changed(v.Field(0))
	default:
		panic("no other value for " + v.Type().String())
	}
}
