package guard

import (
	"reflect"
)

type namedType struct{}

// Yaegi: types of interpreted code have no names.
var interpreted = reflect.TypeOf(namedType{}).Name() == ""

// IsInterpreted tells whether this program is interpreted.
//
// Yaegi: it is a function, since the interpreter copies the variables of other packages.
func IsInterpreted() bool { return interpreted }
