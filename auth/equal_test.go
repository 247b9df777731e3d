package auth

import (
	"reflect"
	"testing"
	"time"
)

// TestToolEqualKnowsEveryField sets one field after the other, so that a new one
// cannot be forgotten in [Tool.Equal].
func TestToolEqualKnowsEveryField(t *testing.T) {
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Tool]()) {
		var a, b, without Tool
		for _, tool := range []*Tool{&a, &b} {
			fill(t, field.Name, reflect.ValueOf(tool).Elem().FieldByIndex(field.Index))
		}
		if !a.Equal(b) {
			t.Errorf("%s: two tools with the same value differ", field.Name)
		}
		if a.Equal(without) || without.Equal(a) {
			t.Errorf("%s is not compared", field.Name)
		}
	}
}

// fill gives v a value that is not its zero.
func fill(t *testing.T, name string, v reflect.Value) {
	t.Helper()
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)))
	case Endpoints:
		v.Set(reflect.ValueOf(Endpoints{Token: "https://idp.example.com/token"}))
	case map[string]string:
		v.Set(reflect.ValueOf(map[string]string{"prompt": "consent"}))
	default:
		switch v.Kind() {
		case reflect.String:
			v.SetString("x")
		case reflect.Bool:
			v.SetBool(true)
		case reflect.Slice: // with one zero value
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		default:
			t.Fatalf("no value is known for %s, a %s", name, v.Type())
		}
	}
}
