package memo

import (
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// heap is how many bytes are in use.
func heap() int {
	runtime.GC()
	runtime.GC() // what had a finalizer goes with the second one
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return int(memory.HeapAlloc)
}

// Of a key that came once, no text stays in memory, however long it was.
func TestKeysThatCameOnceTakeLittle(t *testing.T) {
	const memos, most = 20, 256 << 10
	budget, before := NewBudget(), heap()
	var all []*Memo
	for range memos {
		m := New(budget)
		all = append(all, m)
		for i := range mostOnce {
			ask(m, strconv.Itoa(i)+strings.Repeat("x", longestKey-10))
		}
	}
	if each := (heap() - before) / memos; each > most {
		t.Errorf("a memo takes %d bytes; want %d at most", each, most)
	}
	runtime.KeepAlive(all)
}

// A memo that rests is let go with its snapshot, and so is the service behind. Its timer would
// keep them otherwise, for minutes after a reload.
func TestRestingMemoIsLetGo(t *testing.T) {
	gone := make(chan bool)
	letGo(t, gone)
	for deadline := time.Now().Add(time.Minute); ; {
		runtime.GC()
		select {
		case <-gone:
			return
		case <-time.After(time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatal("the service is still in memory")
		}
	}
}

type service struct{ name string }

func (s *service) ServeHTTP(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Server", s.name) }

func letGo(t *testing.T, gone chan bool) {
	behind := &service{name: "behind"}
	runtime.SetFinalizer(behind, func(*service) { close(gone) })
	m := New(NewBudget())
	Find(m, "ann")
	Find(m, "ann")
	if !Keep(m, "ann", &Kept{Handler: behind}) {
		t.Fatal("nothing is kept")
	}
	rest(m)
}
