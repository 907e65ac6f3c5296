package memo

import (
	"strconv"
	"strings"
	"sync"
	"testing"
)

// ask is what a request does that comes to a memo. It tells whether its outcome was kept before.
func ask(m *Memo, key string) bool {
	if _, isKept := m.Outcomes.Load(key); isKept {
		return true
	}
	if Wants(m, key) {
		m.Keep(key, &Outcome{})
	}
	return false
}

// The first request is decided about, the second one too, and kept from then on.
func TestWhatComesTwiceIsKept(t *testing.T) {
	m := New()
	for i, want := range []bool{false, false, true, true} {
		if got := ask(m, "ann"); got != want {
			t.Errorf("request %d: %t", i, got)
		}
	}
	m.Keep("bob", &Outcome{})
	if _, isKept := m.Outcomes.Load("bob"); isKept {
		t.Error("an outcome is kept that nobody wanted")
	}
}

func size(m *Memo) (int, int) {
	count, bytes := 0, 0
	m.Outcomes.Range(func(key, _ any) bool {
		count++
		bytes += len(key.(string))
		return true
	})
	return count, bytes
}

// Whatever clients send, so much is kept and no more, from many goroutines too.
func TestMemoIsBounded(t *testing.T) {
	for _, length := range []int{1, 100, longestKey, longestKey + 1} {
		m := New()
		var all sync.WaitGroup
		for range 4 {
			all.Add(1)
			go func() {
				defer all.Done()
				for i := range 2000 {
					key := strings.Repeat("x", length) + strconv.Itoa(i)
					ask(m, key[len(key)-length:])
					ask(m, key[len(key)-length:])
				}
			}()
		}
		all.Wait()
		count, bytes := size(m)
		if count > mostOutcomes || bytes > mostBytes+longestKey || len(m.once) > mostMissed || (length > longestKey) != (count == 0) {
			t.Errorf("with keys of %d bytes, %d outcomes with %d bytes are kept, and %d keys are known", length, count, bytes, len(m.once))
		}
	}
}

// Where little comes twice, looking is given up. Where much does, it isn't, also when no more
// can be kept.
func TestLookingIsGivenUp(t *testing.T) {
	once := New()
	for i := range 2 * mostMissed {
		ask(once, strconv.Itoa(i))
	}
	if once.IsOn.Load() || Wants(once, "0") {
		t.Error("of users that come once, more is expected")
	}
	often := New()
	for range 3 {
		for i := range 2 * mostOutcomes {
			ask(often, strconv.Itoa(i))
		}
	}
	if count, _ := size(often); !often.IsOn.Load() || count != mostOutcomes {
		t.Errorf("of users that come back, %d are kept; looking: %t", count, often.IsOn.Load())
	}
}
