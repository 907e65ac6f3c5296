// Yaegi: panic
package bad_compare

import (
	"fmt"
)

type refusal struct{ code int }

func (r *refusal) Error() string { return fmt.Sprint("refused: ", r.code) }

type mood int

func (m mood) Error() string { return "mood" }

var (
	sentinel       = &refusal{1}
	hidden   error = &refusal{2}
)

func refuse() error { return sentinel }

func hide() error { return hidden }

func sulk() error { return mood(1) }

func Run() string {
	return fmt.Sprint(hide() == hidden) // want errortype
}
