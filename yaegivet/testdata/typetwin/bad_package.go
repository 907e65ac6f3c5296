// Yaegi: wrong
package bad_package

import (
	"fmt"

	"example.org/snippets/typetwin/sub"
)

type own struct{ name string }

func (o *own) Title() string { return o.name }

func Run() string {
	_, made := sub.Make().(*own)         // want typetwin
	_, titled := sub.MakeTitled().(*own) // want typetwin
	return fmt.Sprint(made) + "|" + fmt.Sprint(titled)
}
