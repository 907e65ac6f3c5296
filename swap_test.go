package zookeeper

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// Requests on all processors get what one handler says, old or new, while it is
// replaced without a pause. The interpreted one has the same test in e2e/front.
func TestSwapUnderRequests(t *testing.T) {
	service := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if a, b := r.Header["X-A"][0], r.Header["X-B"][0]; a != b {
			t.Errorf("the headers are of different handlers: %s and %s", a, b)
		}
		if _, forged := r.Header["X_a"]; forged {
			t.Error("a twin gets through")
		}
	})
	says := func(i int) http.HandlerFunc {
		number := strconv.Itoa(i)
		return handlerFor(wrapperOf(&snapshot{names: []string{"X-A", "X-B"}, values: [][]string{{number}, {number}}, removed: []string{"X_a"}}, &basis{rules: &rules{}}), service)
	}
	f := newSwap(says(0))
	var over atomic.Bool
	var readers sync.WaitGroup
	for range 4 {
		readers.Add(1)
		go func() {
			defer readers.Done()
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			for last := 0; !over.Load(); {
				r.Header["X-A"], r.Header["X_a"] = []string{"forged"}, []string{""}
				f.handler.ServeHTTP(nil, r)
				now, _ := strconv.Atoi(r.Header["X-A"][0])
				if now < last {
					t.Errorf("after handler %d, handler %d is back", last, now)
				}
				last = now
			}
		}()
	}
	for i := range 100000 {
		f.replace(says(i))
	}
	over.Store(true)
	readers.Wait()
}
