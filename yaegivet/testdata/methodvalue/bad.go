// Yaegi: load
package bad

import "sync"

type holder struct{ unlock func() }

func Run() string {
	mu := &sync.Mutex{}
	mu.Lock()
	h := &holder{unlock: mu.Unlock} // want methodvalue
	h.unlock()
	return "unlocked"
}
