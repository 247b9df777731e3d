package oidc

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// Object is a JSON object of a provider's. Its members are found by their exact
// names and read one by one: encoding/json's struct fields take "Issuer" for
// "issuer", and one member of another type spoils the whole for them.
type Object map[string]json.RawMessage

// readObject reads a body that has to be a JSON object.
func readObject(body []byte) (Object, error) {
	var o Object
	if err := json.Unmarshal(body, &o); err != nil {
		return nil, err
	}
	if o == nil {
		return nil, errors.New("null where an object was due")
	}
	return o, nil
}

// Text returns a member that is text. ok is false for one of another type; one
// that is null or not there is empty.
func (o Object) Text(name string) (s string, ok bool) {
	raw := o[name]
	return s, len(raw) == 0 || json.Unmarshal(raw, &s) == nil
}

// List returns the texts of a member that is a list, without what is no text
// in it. Text by itself is a list with spaces in between, as some providers
// write it. Of any other type nothing can be said, as if it were not there.
func (o Object) List(name string) []string {
	var items []json.RawMessage
	if s, ok := o.Text(name); ok {
		return strings.Fields(s)
	}
	_ = json.Unmarshal(o[name], &items)
	var all []string
	for _, raw := range items {
		var s string
		if json.Unmarshal(raw, &s) == nil && s != "" {
			all = append(all, s)
		}
	}
	return all
}

// Is reports whether a member is true.
func (o Object) Is(name string) bool { return bytes.Equal(o[name], []byte("true")) }
