package good

import "fmt"

type kind int

const (
	created = kind(iota + 1)
	changed
)

type word string

const name word = "ab"

func get() kind { return changed }

func isName(w word) bool { return w == name }

func Run() string {
	return fmt.Sprint(get() == changed, created) + "|" + fmt.Sprint(isName(name))
}
