// Yaegi: load
package bad

import "fmt"

type event struct{ state state }

const connected = state(3) // want earlyconst

type state int

func Run() string {
	e := &event{connected}
	return fmt.Sprint(e.state == connected)
}
