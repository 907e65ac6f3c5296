package middleware

import (
	"net/http"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/published"
)

// A switcher leaves each request to the handler in force. That may be replaced at any
// time, from any goroutine, under any load.
type switcher struct {
	handler http.Handler  // what Traefik gets; it stays the same
	current *atomic.Value // of the handler in force
}

// replaceHandler puts another handler in force. Requests that have begun end with the one
// before.
func replaceHandler(s *switcher, h http.HandlerFunc) { s.current.Store(h) }

// newSwitcher begins with a handler.
func newSwitcher(first http.HandlerFunc) *switcher {
	if published.ReadInPlace() {
		return pointerSwitcher(first)
	}
	return loadingSwitcher(first)
}

// loadingSwitcher loads the handler in force from an atomic value.
func loadingSwitcher(first http.HandlerFunc) *switcher {
	current := &atomic.Value{}
	current.Store(first)
	return &switcher{
		handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { current.Load().(http.HandlerFunc)(w, r) }),
		current: current,
	}
}

// pointerSwitcher lets Traefik call the handler in force through a pointer, and
// replaces what that points to. Interpreted, the closure of a loadingSwitcher alone
// costs more than a plugin that does nothing; this switcher costs nothing, as no
// step of it is interpreted: *http.HandlerFunc has a compiled ServeHTTP, which
// reads the one word it points to and calls it. Package published has the argument
// why that is sound.
func pointerSwitcher(first http.HandlerFunc) *switcher {
	current := &atomic.Value{}
	current.Store(first)
	return &switcher{handler: asHandler(published.WordOf(current).(*http.HandlerFunc)), current: current}
}

func asHandler(h *http.HandlerFunc) http.Handler { return h }
