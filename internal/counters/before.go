package counters

import (
	"net/http"
	"sync/atomic"
)

// Before counts each request in all cells, and leaves it to a handler.
func Before(handler http.HandlerFunc, cells []*int64) http.HandlerFunc {
	if len(cells) > 1 {
		return allBefore(handler, cells)
	}
	return oneBefore(handler, cells[0])
}

func oneBefore(handler http.HandlerFunc, cell *int64) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		atomic.AddInt64(cell, 1)
		handler(w, r)
	}
}

func allBefore(handler http.HandlerFunc, cells []*int64) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, cell := range cells {
			atomic.AddInt64(cell, 1)
		}
		handler(w, r)
	}
}
