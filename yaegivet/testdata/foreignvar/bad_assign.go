// Yaegi: wrong
package bad_assign

import (
	"errors"

	"example.org/snippets/foreignvar/sub"
)

func Run() string {
	sub.OtherNames = map[string]int{"new": 9} // want foreignvar
	sub.OtherList = []int{9}                  // want foreignvar
	sub.OtherArray = [2]int{9, 9}             // want foreignvar
	sub.OtherStruct = sub.Point{9}            // want foreignvar
	sub.OtherPointer = sub.Made()             // want foreignvar
	sub.OtherError = errors.New("other one")  // want foreignvar
	return sub.Others()
}
