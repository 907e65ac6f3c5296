package good_more

import (
	"bytes"
	"errors"
	"fmt"
	"log"
)

var errOther = errors.New("other")

type refusal struct{ code int }

func (r *refusal) Error() string { return fmt.Sprint("refused: ", r.code) }

func refuse() error { return &refusal{3} }

func codeOf(err error) int {
	if r, ok := err.(*refusal); ok {
		return r.code
	}
	return 0
}

// Run prints, wraps and asserts errors of its own.
func Run() string {
	err := refuse()
	other := errOther
	other = &refusal{4}
	wrapped := fmt.Errorf("wrapped: %w", err)
	b := &bytes.Buffer{}
	log.New(b, "", 0).Println(err)
	joined := errors.Join(err, wrapped)
	return fmt.Sprint(err, wrapped, joined, codeOf(err), err != nil, other == errOther, err == errOther, b.String())
}
