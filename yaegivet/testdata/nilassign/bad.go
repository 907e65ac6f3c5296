// Yaegi: panic
package bad

import (
	"errors"
	"strconv"
)

// Run takes two values back at once.
func Run() string {
	n, err := 1, errors.New("x")
	n, err = 0, nil // want nilassign
	return strconv.Itoa(n) + strconv.FormatBool(err == nil)
}
