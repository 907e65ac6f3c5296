package good

import (
	"errors"
	"strconv"
)

func pair() (int, error) { return 2, nil }

// Run takes values back one after the other, and swaps.
func Run() string {
	n, err := 1, errors.New("x")
	var none error
	err, none = none, err
	s := strconv.FormatBool(err == nil) + none.Error()
	n = 0
	none = nil
	s += strconv.Itoa(n) + strconv.FormatBool(none == nil)
	n, err = pair()
	var p, q *int = nil, nil
	return s + strconv.Itoa(n) + strconv.FormatBool(err == nil && p == q)
}
