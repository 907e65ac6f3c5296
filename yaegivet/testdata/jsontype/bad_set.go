// Yaegi: wrong
package bad_set

import (
	"encoding/json"
	"strings"
)

type user struct {
	Name  string
	admin bool
}

// Run reads a document that sets an unexported field.
func Run() string {
	u := &user{}
	err := json.NewDecoder(strings.NewReader(`{"Name":"a","Xadmin":true}`)).Decode(u) // want jsontype
	if err != nil {
		return err.Error()
	}
	if u.admin {
		return "admin"
	}
	return u.Name
}
