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

func Run() string {
	return handlers() + "|" + timers()
}
