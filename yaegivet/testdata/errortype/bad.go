// Yaegi: wrong
package bad

import (
	"errors"
	"fmt"
)

type refusal struct{ code int }

func (r *refusal) Error() string { return fmt.Sprint("refused: ", r.code) } // want errortype

type mood int

func (m mood) Error() string { return "mood" } // want errortype

var sentinel = &refusal{1}

func refuse() error { return sentinel }

func sulk() error { return mood(1) }

func Run() string {
	return fmt.Sprint(errors.Is(refuse(), sentinel)) + "|" + fmt.Sprint(errors.Is(sulk(), mood(1)))
}
