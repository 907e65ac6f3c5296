// Yaegi: panic
package bad_error

import (
	"errors"
	"fmt"
)

type holder struct{ v any }

func Run() string {
	a, b := errors.New("a"), errors.New("b")
	h := &holder{}
	h.v = a == b // want anybool
	return fmt.Sprint(h.v)
}
