// Yaegi: wrong
package bad_methods

import (
	"errors"
	"fmt"
)

var errFirst = errors.New("first")

type wrapped struct{ first error }

func (w *wrapped) Error() string { return "wrapped" }

func (w *wrapped) Unwrap() error { return w.first } // want errortype

type alike struct{ n int }

func (a *alike) Error() string { return "alike" }

func (a *alike) Is(target error) bool { return target == errFirst } // want errortype

func wrap() error { return &wrapped{errFirst} }

func like() error { return &alike{1} }

func Run() string {
	return fmt.Sprint(errors.Is(wrap(), errFirst)) + "|" + fmt.Sprint(errors.Is(like(), errFirst))
}
