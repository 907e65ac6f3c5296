package follow

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/followers"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

func TestReadingAllocatesNothing(t *testing.T) {
	f := &Following{}
	f.current.Store(&Value{Text: "on", Loaded: true})
	tree := &Tree{notifier: followers.NewNotifier("test", nil)}
	tree.status.Store(&Status{Loaded: true})
	if n := testing.AllocsPerRun(100, func() {
		if !f.Value().Bool(false) || tree.Value("/a").Exists {
			t.Error("other values")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// Whatever differs between two values is news.
func TestValuesThatDiffer(t *testing.T) {
	flags, _ := flag.Parse([]byte("on"))
	full := func() *Value {
		return &Value{Text: "a", Data: []byte("a"), Names: []string{"a"}, Exists: true, Loaded: true, Stale: time.Unix(1, 0), Problem: errors.New("a"), version: 1, flags: flags}
	}
	if !full().isLike(full()) {
		t.Error("two that are the same differ")
	}
	for name, change := range map[string]func(v *Value){
		"text": func(v *Value) { v.Text = "b" }, "data": func(v *Value) { v.Data = []byte("b") }, "names": func(v *Value) { v.Names[0] = "b" },
		"one name more": func(v *Value) { v.Names = append(v.Names, "b") }, "existence": func(v *Value) { v.Exists = false }, "loading": func(v *Value) { v.Loaded = false },
		"staleness": func(v *Value) { v.Stale = time.Time{} }, "problem": func(v *Value) { v.Problem = errors.New("b") }, "no problem": func(v *Value) { v.Problem = nil },
		"version": func(v *Value) { v.version = 2 }, "no flags": func(v *Value) { v.flags = nil },
	} {
		v := full()
		change(v)
		if v.isLike(full()) || full().isLike(v) {
			t.Errorf("%s: the two don't differ", name)
		}
	}
}

func TestTypedValues(t *testing.T) {
	for _, c := range []struct {
		text string
		is   bool
		n    int
		f    float64
		d    time.Duration
	}{
		{"on", true, 7, 7, 7}, {"off", false, 7, 7, 7}, {"1", true, 1, 1, 7}, {"2.5", true, 7, 2.5, 7}, {"1m30s", true, 7, 7, 90 * time.Second}, {"", true, 7, 7, 7},
	} {
		v := &Value{Text: c.text}
		if v.Bool(true) != c.is || v.Int(7) != c.n || v.Float(7) != c.f || v.Duration(7) != c.d {
			t.Errorf("%q: %t, %d, %v, %s", c.text, v.Bool(true), v.Int(7), v.Float(7), v.Duration(7))
		}
	}
}

// What was never started knows nothing, and never panics.
func TestZeroValues(t *testing.T) {
	ctx := context.Background()
	for _, f := range []*Following{nil, {}} {
		_, err := f.Next(ctx, nil)
		if f.Value().Loaded || !errors.Is(err, problems.ErrInvalid) {
			t.Error(err)
		}
	}
	for _, tree := range []*Tree{nil, {}} {
		err := tree.Ready(ctx)
		if tree.Status().Loaded || tree.Value("/a").Loaded || len(tree.All()) != 0 || !errors.Is(err, problems.ErrInvalid) {
			t.Error(err)
		}
	}
	for _, flags := range []*Flags{nil, {}} {
		err := flags.Ready(ctx)
		if flags.Status().Loaded || flags.Keys() != nil || flags.Evaluate("a", true, nil).ErrorCode != flag.ErrorProviderNotReady || !errors.Is(err, problems.ErrInvalid) {
			t.Error(err)
		}
	}
}
