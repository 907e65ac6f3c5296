package good

import "fmt"

type event struct{ state state }

const early state = 1

type state int

const connected = state(3)

const size = int64(4)

func Run() string {
	e := &event{connected}
	return fmt.Sprint(e.state == connected, early, size)
}
