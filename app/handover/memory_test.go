package handover

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
)

// TestMemoryComesAcrossWhole sends a token set in which every field says
// something. A field that is new in auth.Tokens must not be left behind.
func TestMemoryComesAcrossWhole(t *testing.T) {
	var tokens auth.Tokens
	at := time.Date(2026, 11, 28, 14, 0, 0, 123456789, time.UTC)
	for i, v := range fields(&tokens) {
		switch p := v.(type) {
		case *auth.Secret:
			*p = auth.Secret("secret\xff\x00" + string(rune('a'+i)))
		case *string:
			*p = "text" + string(rune('a'+i))
		case *bool:
			*p = true
		case *time.Time:
			*p = at.Add(time.Duration(i) * time.Hour)
		case *[]string:
			*p = []string{"one", "two"}
		case *auth.Account:
			*p = auth.Account{Issuer: "https://idp", Subject: "jo", Name: "Jo", Username: "jo", Email: "jo@plant"}
		case **auth.Error:
			*p = &auth.Error{Kind: auth.KindGrant, Code: auth.CodeInvalidGrant, What: "refused", Do: "sign in"}
		default:
			t.Errorf("this test does not know what %T is", p)
		}
	}
	for i, v := range fields(&tokens) {
		if reflect.ValueOf(v).Elem().IsZero() {
			t.Errorf("field %d says nothing", i)
		}
	}
	sent := []Held{
		{Tool: "plant4", Tokens: tokens},
		{Tool: "plant5", Tokens: auth.Tokens{Access: "alone", Expiry: at}},
		{Tool: "plant6", SignedOut: true},
	}
	line, err := encode(sent)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decode(line)
	if err != nil || !reflect.DeepEqual(got, sent) {
		t.Errorf("got %#v, %v\nsent %#v", got, err, sent)
	}
	if strings.Count(string(line), "\n") != 1 {
		t.Error("it is not one line")
	}
}

// fields are pointers to those of a token set.
func fields(of *auth.Tokens) []any {
	var all []any
	for v, i := reflect.ValueOf(of).Elem(), 0; i < v.NumField(); i++ {
		all = append(all, v.Field(i).Addr().Interface())
	}
	return all
}

// TestMemoryThatIsNotUnderstood is of another format, or none. There is no
// difference where nothing is held.
func TestMemoryThatIsNotUnderstood(t *testing.T) {
	for line, ok := range map[string]bool{
		`{"format":1,"held":[{"tool":"plant4","access":"c2VjcmV0","new":{"a":1}}]}`: true,
		`{"format":2,"held":[]}`: true,
		`{"format":2}`:           true,
		`{"format":2,"held":[{"tool":"plant4","access":"c2VjcmV0"}]}`: false,
		`{"format":1,"held":[{"tool":"plant4","access":"%"}]}`:        false,
		`{"format":1,"held":[{"tool":"plant4","acce`:                  false,
		``: false,
	} {
		held, err := decode([]byte(line))
		if ok != (err == nil) || err != nil && (held != nil || strings.Contains(err.Error(), "c2VjcmV0")) {
			t.Errorf("%s: %v, %v", line, held, err)
		}
	}
}
