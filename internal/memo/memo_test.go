package memo

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
)

var nobody = &Kept{Handler: http.NotFoundHandler()}

func table(m *Memo) map[string]http.Handler { return m.Table.Load().(map[string]http.Handler) }

// ask is what a request does that comes to a memo. It tells whether its handler was kept before.
func ask(m *Memo, key string) bool {
	if table(m)[key] != nil {
		return true
	}
	kept, advice := Find(m, key)
	switch advice {
	case Wanted:
		Keep(m, key, nobody)
	case Spent:
		Forget(m)
	}
	return kept != nil
}

// The first request is decided about, the second one too, and kept from then on.
func TestWhatComesTwiceIsKept(t *testing.T) {
	m := New(NewBudget())
	for i, want := range []bool{false, false, true, true} {
		if got := ask(m, "ann"); got != want {
			t.Errorf("request %d: %t", i, got)
		}
	}
	Keep(m, "bob", nobody)
	if ask(m, "bob") {
		t.Error("a handler is kept that nobody wanted")
	}
}

// Whoever comes again and again is in the table soon, and the table is not written anew for
// each of them.
func TestTableGetsWhatIsKept(t *testing.T) {
	m := New(NewBudget())
	tables := 0
	for range 10 {
		for i := range 1000 {
			before := len(table(m))
			ask(m, strconv.Itoa(i))
			if len(table(m)) != before {
				tables++
			}
		}
	}
	if len(table(m)) != 1000 || tables > 20 {
		t.Errorf("%d are in the table, which was written %d times", len(table(m)), tables)
	}
}

// Whatever clients send, so much is kept and no more, from many goroutines too.
func TestMemoIsBounded(t *testing.T) {
	for _, length := range []int{1, 100, longestKey, longestKey + 1} {
		budget := NewBudget()
		var memos []*Memo
		for range 12 {
			memos = append(memos, New(budget))
		}
		var all sync.WaitGroup
		for _, m := range memos {
			all.Add(1)
			go func() {
				defer all.Done()
				for i := range 3000 {
					key := strings.Repeat("x", length) + strconv.Itoa(i)
					ask(m, key[len(key)-length:])
					ask(m, key[len(key)-length:])
				}
			}()
		}
		all.Wait()
		total := 0
		for _, m := range memos {
			bytes := 0
			for key := range m.all {
				bytes += len(key)
			}
			if len(m.all) > mostKeys || bytes > mostBytes || bytes != m.bytes || len(m.once) > mostOnce {
				t.Errorf("with keys of %d bytes, %d are kept with %d bytes, and %d came once", length, len(m.all), bytes, len(m.once))
			}
			total += bytes
		}
		if total > budgetBytes || (length > longestKey) != (total == 0) || budgetBytes-int(budget.left.Load()) != total {
			t.Errorf("with keys of %d bytes, %d bytes are kept in all, and %d are left", length, total, budget.left.Load())
		}
	}
}

// Where little comes twice, learning is given up for a while, and tried again. What is known
// already stays.
func TestLearningRests(t *testing.T) {
	m := New(NewBudget())
	for range 3 {
		ask(m, "ann")
	}
	for i := range 2 * mostOnce {
		ask(m, strconv.Itoa(i))
	}
	if m.Learns.Load() || ask(m, "bob") || ask(m, "bob") || ask(m, "bob") {
		t.Error("of users that come once, more is expected")
	}
	if !ask(m, "ann") {
		t.Error("what was known is forgotten")
	}
	m.Learns.Store(true) // as after the rest
	for range 3 {
		ask(m, "bob")
	}
	if !ask(m, "bob") {
		t.Error("nothing is learned any more")
	}
}

// When others come than those that it is full of, these are learned.
func TestFullMemoLearnsOthers(t *testing.T) {
	m := New(NewBudget())
	for range 3 {
		for i := range mostKeys {
			ask(m, "a"+strconv.Itoa(i))
		}
	}
	if len(table(m)) != mostKeys {
		t.Fatalf("%d are kept", len(table(m)))
	}
	for i := range 100 {
		ask(m, "b"+strconv.Itoa(i))
	}
	if !ask(m, "a0") {
		t.Error("a few others have it forget all")
	}
	for range mostSpent/100 + 5 {
		for i := range 100 {
			ask(m, "b"+strconv.Itoa(i))
		}
	}
	if !ask(m, "b0") || ask(m, "a0") {
		t.Error("those who have gone are still known, or those who came aren't")
	}
}
