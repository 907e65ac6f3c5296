// Yaegi: panic
package bad

import (
	"errors"
	"fmt"
)

type refusal struct{ code int }

func (r *refusal) Error() string { return fmt.Sprint("refused: ", r.code) }

func refuse() error { return &refusal{3} }

func Run() string {
	var r *refusal
	if errors.As(refuse(), &r) { // want errortype
		return fmt.Sprint(r.code)
	}
	return "no refusal"
}
