package config

import (
	"errors"
	"io/fs"
	"slices"

	"keyfob/auth"
	"keyfob/auth/provider"
)

// Try says what [AddTable] would make of the settings, and writes nothing. A
// fault of one key is a [*provider.FieldError] that names it.
func Try(path, id string, table []KeyValue) (auth.Tool, error) {
	old, err := readFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return auth.Tool{}, err
	}
	if _, err := parse(path, old); err != nil {
		return auth.Tool{}, err
	}
	text, err := marshalTable(id, table)
	if err != nil {
		return auth.Tool{}, err
	}
	data := slices.Concat(old, []byte("\n[tools."+id+"]\n"), text)
	after, err := parse(path, data)
	if err != nil {
		return auth.Tool{}, cannotAdd(path, err)
	}
	for _, b := range after.Bad {
		if b.ID == id {
			return auth.Tool{}, &provider.FieldError{
				Key: b.why.key,
				Err: &auth.Error{Kind: auth.KindUsage, Code: auth.CodeSettings, What: b.why.what, Do: b.why.do, Who: auth.WhoYou},
			}
		}
	}
	for _, t := range after.Tools {
		if t.ID == id {
			return t, nil
		}
	}
	return auth.Tool{}, &auth.Error{
		Kind: auth.KindUsage,
		Code: auth.CodeSettings,
		What: "the tool ID " + auth.Quote(id) + " cannot be used",
		Do:   "choose another",
		Who:  auth.WhoYou,
	}
}
