// Yaegi: wrong
package bad

import "fmt"

type kind int

const (
	created kind = iota + 1 // want constvalue
	changed
)

type word string

const name word = "a" + "b" // want constvalue

const offset = 3

type place int

const second place = 1 + offset // want constvalue

func get() kind { return changed }

func isName(w word) bool { return w == name }

func isSecond(p place) bool { return p == second }

func Run() string {
	return fmt.Sprint(get() == changed) + "|" + fmt.Sprint(isName(name)) + "|" + fmt.Sprint(isSecond(second))
}
