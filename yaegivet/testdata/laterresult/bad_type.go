// Yaegi: panic
package bad_type

import "fmt"

type user struct{ name string }

type taker struct{ n int }

type node struct {
	users  []*user
	takers []*taker
}

func usersOf(n *node) []*user { return n.users }

func all(n *node) ([]*user, []*taker) {
	return usersOf(n), append([]*taker{}, n.takers...) // want laterresult
}

func Run() string {
	us, ts := all(&node{takers: []*taker{{1}}})
	return fmt.Sprint(len(us), len(ts))
}
