// Yaegi: panic
package bad_call

import "fmt"

type fault struct{ text string }

func (f *fault) String() string { return f.text }

func newFault() *fault { return &fault{"x"} }

func read() (*fault, fmt.Stringer) {
	return nil, newFault() // want laterresult
}

func Run() string {
	_, text := read()
	return fmt.Sprint(text != nil)
}
