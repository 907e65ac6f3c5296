package zookeeper

import "reflect"

type namedType struct{}

// Yaegi: types of interpreted code have no names.
var interpreted = reflect.TypeOf(namedType{}).Name() == ""

// isInterpreted tells whether this program is interpreted. It is a function, since the
// interpreter copies the variables of other packages.
func isInterpreted() bool { return interpreted }
