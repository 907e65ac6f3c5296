package good_package

import (
	"fmt"

	"example.org/snippets/typetwin/sub"
)

type own struct {
	name string `kind:"own"`
}

func Run() string {
	_, made := sub.Make().(*own)
	_, tagged := sub.MakeTagged().(*own)
	_, right := sub.MakeTagged().(*sub.Tagged)
	return fmt.Sprint(made, tagged, right)
}
