package middleware

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
func TestHandlersAreReplacedUnderRequests(t *testing.T) {
	says := func(i int) http.HandlerFunc {
		number := []string{strconv.Itoa(i)}
		return func(_ http.ResponseWriter, r *http.Request) {
			r.Header["X-A"] = number
			r.Header["X-B"] = number
		}
	}
	s := newSwitcher(says(0))
	var over atomic.Bool
	var readers sync.WaitGroup
	for range 4 {
		readers.Add(1)
		go func() {
			defer readers.Done()
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			for last := 0; !over.Load(); {
				s.handler.ServeHTTP(nil, r)
				if a, b := r.Header["X-A"][0], r.Header["X-B"][0]; a != b {
					t.Errorf("the headers are of different handlers: %s and %s", a, b)
				}
				now, _ := strconv.Atoi(r.Header["X-A"][0])
				if now < last {
					t.Errorf("after handler %d, handler %d is back", last, now)
				}
				last = now
			}
		}()
	}
	for i := range 100000 {
		replaceHandler(s, says(i))
	}
	over.Store(true)
	readers.Wait()
}
