package bad

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type state struct{ name string }

func start(s *state, list []int, m map[string]int, ch chan int, n int, v any, value *atomic.Value, once *sync.Once, w io.Writer) {
	go func() { time.NewTicker(time.Duration(n)) }()  // want goguard
	go func() { log.Print(s.name) }()                 // want goguard
	go func() { log.Print(list[0]) }()                // want goguard
	go func() { log.Print(list[1:]) }()               // want goguard
	go func() { m["a"] = 1 }()                        // want goguard
	go func() { m["a"]++ }()                          // want goguard
	go func() { ch <- 1 }()                           // want goguard
	go func() { close(ch) }()                         // want goguard
	go func() { log.Print(1 / n) }()                  // want goguard
	go func() { n %= n }()                            // want goguard
	go func() { log.Print(v.(string)) }()             // want goguard
	go func() { log.Print(*s) }()                     // want goguard
	go func() { log.Panic("no") }()                   // want goguard
	go func() { value.Store(nil) }()                  // want goguard
	go func() { log.Print(strings.Repeat("a", n)) }() // want goguard
	go func() { log.Print(strings.Map(nil, "a")) }()  // want goguard
	go func() { once.Do(nil) }()                      // want goguard
	go func() { fmt.Fprint(w, "a") }()                // want goguard
	go func() { log.Print(make([]int, n)) }()         // want goguard
	go func() { log.Print(v == any(n)) }()            // want goguard ifacecompare
	go http.Get("")                                   // want goguard
	go func() {                                       // want goguard
		defer func() {
			if r := recover(); r != nil {
				panic(r)
			}
		}()
		log.Print(list[0])
	}()
	go func() { // want goguard
		defer close(ch)
		defer func() { recover() }()
		log.Print(list[0])
	}()
	go func() { // want goguard
		list[0] = 1
		defer func() { recover() }()
	}()
	time.AfterFunc(time.Second, func() { log.Print(list[0]) }) // want goguard
}
