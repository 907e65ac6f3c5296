package good

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sort"
)

func handler(j int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(200 + j) })
}

func start(ch chan int, j int) {
	go func() { ch <- j }()
}

// passed reads its closure's variables at once.
func passed() string {
	text := ""
	for i := 0; i < 2; i++ {
		order := []int{3, 1, 2}
		sort.Slice(order, func(a, b int) bool { return order[a] < order[b] })
		text += fmt.Sprint(order)
	}
	return text
}

func Run() string {
	text := passed()
	for i := 0; i < 3; i++ {
		w := httptest.NewRecorder()
		handler(i).ServeHTTP(w, nil)
		text += fmt.Sprint(w.Code, " ")
	}
	ch := make(chan int, 200)
	for i := 0; i < 100; i++ {
		start(ch, i)
		go func(n int) { ch <- n }(i + 100)
	}
	seen := map[int]bool{}
	for i := 0; i < 200; i++ {
		v := <-ch
		seen[v] = true
	}
	return text + fmt.Sprint(len(seen))
}
