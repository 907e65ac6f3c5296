package counters

import (
	"net/http"
	"sync/atomic"
)

// Before counts each request in all cells, and leaves it to a handler.
func Before(next http.Handler, cells []*int64) http.HandlerFunc {
	if len(cells) > 1 {
		return allBefore(next, cells)
	}
	return oneBefore(next, cells[0])
}

func oneBefore(next http.Handler, cell *int64) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		atomic.AddInt64(cell, 1)
		next.ServeHTTP(w, r)
	}
}

func allBefore(next http.Handler, cells []*int64) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, cell := range cells {
			atomic.AddInt64(cell, 1)
		}
		next.ServeHTTP(w, r)
	}
}
