// Yaegi: wrong
package bad

import (
	"errors"
	"fmt"
)

func Run() string {
	n := 1
	p := &n
	err := errors.New("x")
	s := "no"
	if nil != p { // want nilfirst
		s = "yes"
	}
	isFault := nil != err // want nilfirst
	return s + "|" + fmt.Sprint(isFault)
}
