// Yaegi: wrong
package bad

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sort"
	"time"
)

func handlers() string {
	var hs []http.Handler
	for i := 0; i < 3; i++ {
		j := i
		hs = append(hs, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { // want loopclosure
			w.WriteHeader(200 + j)
		}))
	}
	text := ""
	for _, h := range hs {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, nil)
		text += fmt.Sprint(w.Code, " ")
	}
	return text
}

func timers() string {
	ch := make(chan int, 3)
	for i := 0; i < 3; i++ {
		j := i
		time.AfterFunc(10*time.Millisecond, func() { ch <- j }) // want loopclosure
	}
	got := []int{}
	for i := 0; i < 3; i++ {
		v := <-ch
		got = append(got, v)
	}
	sort.Ints(got)
	return fmt.Sprint(got)
}

// round starts goroutines with a number each, and tells whether all came.
func round(n int) bool {
	ch := make(chan int, n)
	for i := 0; i < n; i++ {
		j := i
		go func() { // want goguard loopclosure
			ch <- j
		}()
	}
	seen := map[int]bool{}
	for i := 0; i < n; i++ {
		v := <-ch
		seen[v] = true
	}
	return len(seen) == n
}

func goroutines() string {
	for i := 0; i < 2000; i++ {
		if !round(100) {
			return "missed"
		}
	}
	return "all"
}

func Run() string {
	return handlers() + "|" + timers() + "|" + goroutines()
}
