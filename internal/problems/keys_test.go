package problems

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

// An error of several mistakes tells their keys, and no values.
func TestKeysOfMistakes(t *testing.T) {
	list := &List{}
	list.Add("gates[0].status", "abc; maxStale: 1", "an HTTP status from 200 to 599")
	list.Add("requestHeaders[1].map.gold", "a\nb", "it has a line break")
	list.Note(`clusters.main.passwordFile: "/a: b": no such file`)
	want := []string{"gates[0].status", "requestHeaders[1].map", "clusters.main.passwordFile"}
	if got := KeysOf(list.Err()); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if text := list.Err().Error(); text != `gates[0].status: "abc; maxStale: 1": an HTTP status from 200 to 599; requestHeaders[1].map.gold: "a\nb": it has a line break; clusters.main.passwordFile: "/a: b": no such file` {
		t.Error(text)
	}
}

// What an error wraps otherwise is no list of keys.
func TestErrorsWithoutKeys(t *testing.T) {
	secret := errors.New("secret")
	for _, err := range []error{nil, secret, fmt.Errorf("a: %w", secret), fmt.Errorf("a: %w", fmt.Errorf("b: %w", secret)), fmt.Errorf("middleware: %w", WithKeys("text", []string{"a"}))} {
		if keys := KeysOf(err); keys != nil {
			t.Errorf("%v has the keys %q", err, keys)
		}
	}
}
