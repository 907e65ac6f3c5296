// Package published has values that requests read without a lock while somebody else replaces
// them. Interpreted code reads them through a pointer, since that takes no call.
package published

import (
	"reflect"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
)

// ReadInPlace tells whether values may be read through what WordOf returns. That is so in the
// interpreter alone. Compiled code loads them from their atomic.Value.
func ReadInPlace() bool { return readsInPlace }

var readsInPlace = guard.IsInterpreted()

// WordOf returns a pointer to the word that an atomic.Value has its value in. The value has to
// be of one word: a pointer, a map or a function. The pointer's type is that of a pointer to
// such a value, and the value must be there already.
//
// The word is that of an atomic.Value, which stores it atomically; it is read plainly. So it
// has to be said why that is sound, and where it wouldn't be:
//
//   - A read of one aligned word sees a value that was stored there, the one before or the one
//     after, never parts of both: Go's memory model grants it even to reads that race
//     ("Implementation Restrictions for Programs Containing Data Races").
//   - What the word leads to was written before the word was: the store, that of
//     atomic.StorePointer, releases all earlier writes, with XCHG on amd64 and STLR or a
//     barrier on arm64, and it tells the garbage collector of the new value.
//   - The reader gets to it only through the word that it read. Such dependent reads stay in
//     order on every processor that Go knows, arm64 among them without any barrier;
//     runtime.publicationBarrier rests on the same. The compiler can't break the dependency,
//     as it can't know the word otherwise.
//   - No read is older than its request: the word is read in a function that is called through
//     an interface or through reflection, for each request, so that no loop can keep it. A
//     request that was held until the first values were there comes back through a closed
//     channel, and so sees the word stored before.
//   - What the word leads to never changes once it is stored, so an old word leads to old
//     values and a new one to new values: there are no mixtures.
//   - An atomic.Value is an interface and nothing else, and an interface with a value of one
//     word in it is two words: the type, which every store leaves as it is, and the value.
//     That is Go's layout, not its promise; the stress tests in e2e/front fail where it isn't
//     so.
//
// The race detector knows none of this and would report the pair. So the compiled package, in
// whatever program it runs, loads from the atomic.Value.
//
// Yaegi: there is no package unsafe, but its pointers are to be had.
func WordOf(current *atomic.Value) any {
	at := reflect.ValueOf(current).UnsafePointer()
	words := reflect.NewAt(reflect.ArrayOf(2, reflect.TypeOf(at)), at).Elem()
	second := words.Index(1).Addr().UnsafePointer()
	return reflect.NewAt(reflect.TypeOf(current.Load()), second).Interface()
}
