package problems

import (
	"errors"
	"fmt"
	"strings"
)

// The text of a mistake quotes what stands in the configuration. Who may see where the
// mistakes are, and not what stands there, gets their keys instead.

// errWithKeys marks an error whose text is a list of keys.
var errWithKeys = errors.New("")

const keySeparator = "\x00"

// WithKeys is an error with a text, of which KeysOf tells the keys that it is about.
//
// Yaegi: no error has a type of ours. The format %.0w wraps an error and writes nothing of it.
func WithKeys(text string, keys []string) error {
	about := fmt.Errorf("%s%.0w", strings.Join(keys, keySeparator), errWithKeys)
	return fmt.Errorf("%s%.0w", text, about)
}

// KeysOf are the keys of the mistakes that an error is about, one for each mistake. They are
// nil where the error doesn't say.
func KeysOf(err error) []string {
	about := errors.Unwrap(err)
	if about == nil || errors.Unwrap(about) != errWithKeys {
		return nil
	}
	text := about.Error()
	return strings.Split(text, keySeparator)
}

// placeOf is a key without what it quotes of values: the words of a map are what nodes hold.
func placeOf(key string) string {
	place, _, isWord := strings.Cut(key, ".map.")
	if isWord {
		return place + ".map"
	}
	return key
}
