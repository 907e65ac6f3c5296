package middleware

import (
	"net/http"
	"reflect"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
)

// A switcher leaves each request to the handler in force. That may be replaced at any
// time, from any goroutine, under any load.
type switcher struct {
	handler http.Handler  // what Traefik gets; it stays the same
	current *atomic.Value // of the handler in force
}

// replace puts another handler in force. Requests that have begun end with the one
// before.
func (s *switcher) replace(h http.HandlerFunc) { s.current.Store(h) }

// isInterpreted is asked for once, as Traefik makes a switcher for each router.
var isInterpreted = guard.IsInterpreted()

// newSwitcher begins with a handler.
func newSwitcher(first http.HandlerFunc) *switcher {
	if isInterpreted {
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
// reads the one word it points to and calls it.
//
// The word is that of an atomic.Value, which stores it atomically; it is read
// plainly. So it has to be said why that is sound, and where it wouldn't be:
//
//   - A read of one aligned word sees a value that was stored there, the one
//     before or the one after, never parts of both: Go's memory model grants it
//     even to reads that race ("Implementation Restrictions for Programs
//     Containing Data Races").
//   - What the word leads to was written before the word was: the store, that of
//     atomic.StorePointer, releases all earlier writes, with XCHG on amd64 and STLR
//     or a barrier on arm64, and it tells the garbage collector of the new value.
//   - The reader gets to it only through the word that it read. Such dependent
//     reads stay in order on every processor that Go knows, arm64 among them
//     without any barrier; runtime.publicationBarrier rests on the same. The
//     compiler can't break the dependency, as it can't know the word otherwise.
//   - No read is older than its request: the word is read in a function that is
//     called through an interface, for each request, so that no loop can keep it.
//     A request that was held until the first values were there comes back
//     through a closed channel, and so sees the word stored before.
//   - All that a handler refers to is in its closure. It was complete before it was
//     stored and never changes, so an old handler serves by old values and a new
//     one by new values: there are no mixtures.
//   - An atomic.Value is an interface and nothing else, and an interface with a
//     function in it is two words: the type, which every store leaves as it is, and
//     the function's pointer. That is Go's layout, not its promise; the stress
//     test in e2e/front fails where it isn't so.
//
// The race detector knows none of this and would report the pair. So the compiled
// package, in whatever program it runs, has the other switcher.
func pointerSwitcher(first http.HandlerFunc) *switcher {
	current := &atomic.Value{}
	current.Store(first)
	return &switcher{handler: asHandler(dataOf(current, first)), current: current}
}

// dataOf is the word of an atomic value that its function's pointer is in.
//
// Yaegi: there is no package unsafe, but its pointers are to be had.
func dataOf(current *atomic.Value, first http.HandlerFunc) *http.HandlerFunc {
	at := reflect.ValueOf(current).UnsafePointer()
	words := reflect.NewAt(reflect.ArrayOf(2, reflect.TypeOf(at)), at).Elem()
	second := words.Index(1).Addr().UnsafePointer()
	return reflect.NewAt(reflect.TypeOf(first), second).Interface().(*http.HandlerFunc)
}

func asHandler(h *http.HandlerFunc) http.Handler { return h }
