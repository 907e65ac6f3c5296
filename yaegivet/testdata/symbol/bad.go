// Yaegi: load
package bad

import "sync/atomic"

var p atomic.Pointer[string] // want symbol

func Run() string {
	s := "a"
	p.Store(&s)
	return *p.Load()
}
