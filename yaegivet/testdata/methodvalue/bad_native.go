// Yaegi: load
package bad_native

import (
	"sync"
	"time"
)

func Run() string {
	wg := &sync.WaitGroup{}
	wg.Add(1)
	time.AfterFunc(time.Millisecond, wg.Done) // want methodvalue
	wg.Wait()
	return "done"
}
