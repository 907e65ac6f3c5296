// Yaegi: load
package bad_once

import "sync"

var once = sync.OnceValue(func() string { return "a" }) // want symbol inference

func Run() string {
	return once()
}
