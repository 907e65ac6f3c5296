package faults

import (
	"fmt"
	"sync"
	"testing"
)

// history is what a node was made to hold, one state after the other. A state may
// come again.
type history struct {
	mu     sync.Mutex
	states []string
}

// begin notes a state before it is written: from then on it may be served.
func (h *history) begin(state string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.states = append(h.states, state)
	return len(h.states) - 1
}

// observer is what one instance has shown of a node so far.
type observer struct {
	history *history
	floor   int // no request that begins now may see an older state
}

// asked is the oldest state that a request which begins now may see.
func (o *observer) asked() int {
	o.history.mu.Lock()
	defer o.history.mu.Unlock()
	return o.floor
}

// answered takes what a request has seen, and returns the oldest state that this
// can have been, or what is wrong with it.
func (o *observer) answered(asked int, got string) (int, error) {
	o.history.mu.Lock()
	defer o.history.mu.Unlock()
	for i := asked; i < len(o.history.states); i++ {
		if o.history.states[i] == got {
			o.floor = max(o.floor, i)
			return i, nil
		}
	}
	latest := o.history.states[len(o.history.states)-1]
	for i := asked - 1; i >= 0; i-- {
		if o.history.states[i] == got {
			return i, fmt.Errorf("back in time: %q is state %d, an earlier request saw state %d; the latest is %q", got, i, asked, latest)
		}
	}
	return -1, fmt.Errorf("%q was never written; the latest is %q", got, latest)
}

func TestObserver(t *testing.T) {
	h := &history{}
	for _, state := range []string{"off", "on", "off"} {
		h.begin(state)
	}
	o := &observer{history: h}
	early := o.asked()
	sees := func(asked int, got string, want int) {
		t.Helper()
		if state, err := o.answered(asked, got); err != nil || state != want {
			t.Errorf("%q: %d, %v; want %d", got, state, err, want)
		}
	}
	fails := func(asked int, got string) {
		t.Helper()
		if state, err := o.answered(asked, got); err == nil {
			t.Errorf("%q: %d", got, state)
		}
	}
	sees(early, "on", 1)
	sees(early, "off", 0) // it began before that
	fails(o.asked(), "never")
	sees(o.asked(), "off", 2)
	fails(o.asked(), "on")
	h.begin("on")
	sees(o.asked(), "on", 3)
}
