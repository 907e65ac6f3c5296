package lint

import (
	"bytes"
	"errors"
	"unicode/utf8"
)

// The errors of texts in another encoding.
var (
	errNotUTF8 = errors.New("is not valid UTF-8; save it as UTF-8")
	errUTF16   = errors.New("is not valid UTF-8 but UTF-16, as its byte order mark says; save it as UTF-8")
)

// Encoding says why a text can't be read; nil where it is UTF-8.
func Encoding(text []byte) error {
	if utf8.Valid(text) {
		return nil
	}
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return errUTF16
	}
	return errNotUTF8
}
