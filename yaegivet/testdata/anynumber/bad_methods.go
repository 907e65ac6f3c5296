// Yaegi: panic
package bad_methods

import "fmt"

type level int

func (l level) high() bool { return l > 3 }

type leveled interface{ high() bool }

func raise(l level) leveled {
	var up leveled
	up = l + 1 // want anynumber
	return up
}

func Run() string { return fmt.Sprint(raise(3).high()) }
