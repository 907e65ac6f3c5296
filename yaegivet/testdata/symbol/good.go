package good

import (
	"sort"
	"sync"
	"sync/atomic"
)

var value atomic.Value

var once sync.Once

func Run() string {
	list := []string{"b", "a"}
	sort.Strings(list)
	once.Do(func() { value.Store(&list) })
	return (*value.Load().(*[]string))[0]
}
