// Yaegi: panic
package bad_argument

import "fmt"

type thing struct{ name string }

func (t *thing) String() string { return t.name }

func newThing() *thing { return &thing{"a"} }

func text(s fmt.Stringer) string { return s.String() }

func Run() string { return text(newThing()) } // want nativeiface
