// Yaegi: wrong
package bad

import "fmt"

type counter struct{ n int }

func (c *counter) add() { c.n++ }

func Run() string {
	all := []*counter{{}, {}}
	var list []func()
	for _, c := range all {
		list = append(list, c.add) // want latereceiver
	}
	for _, f := range list {
		f()
	}
	return fmt.Sprint(all[0].n, all[1].n)
}
