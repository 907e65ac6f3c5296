package good

import (
	"encoding/json"
	"fmt"
)

type user struct {
	Name string
}

type order struct {
	ID   int
	Item string
}

func Run() string {
	u, err := json.Marshal(user{"ann"})
	o, fault := json.Marshal(order{1, "tea"})
	return fmt.Sprint(string(u), err) + "|" + fmt.Sprint(string(o), fault)
}
