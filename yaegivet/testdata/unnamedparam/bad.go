// Yaegi: panic
package bad

import "fmt"

func count(int, string) int { // want unnamedparam unnamedparam
	n := 6
	return n
}

func Run() string { return fmt.Sprint(count(88, "s")) }
