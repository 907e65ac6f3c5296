// Yaegi: wrong
package bad_native

import (
	"fmt"
	"time"
)

type counter struct{ n int }

func (c *counter) add() {
	defer func() { recover() }()
	c.n++
}

func Run() string {
	all := []*counter{{}, {}}
	for i := 0; i < 2; i++ {
		c := all[i]
		time.AfterFunc(time.Duration(i+1)*10*time.Millisecond, c.add) // want latereceiver
	}
	time.Sleep(100 * time.Millisecond)
	return fmt.Sprint(all[0].n, all[1].n)
}
