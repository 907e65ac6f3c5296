// Yaegi: load
package bad_return

import "sync"

func unlocker(mu *sync.Mutex) func() {
	return mu.Unlock // want methodvalue
}

func Run() string {
	mu := &sync.Mutex{}
	mu.Lock()
	unlocker(mu)()
	return "unlocked"
}
