// Yaegi: wrong
package bad

import (
	"encoding/json"
	"fmt"
)

type user struct {
	Name   string
	secret string
}

type base struct{ ID int }

type order struct {
	base
	Item string
}

func Run() string {
	u, err := json.Marshal(user{"ann", "x"})        // want jsontype
	o, fault := json.Marshal(order{base{1}, "tea"}) // want jsontype
	return fmt.Sprint(string(u), err) + "|" + fmt.Sprint(string(o), fault)
}
