package counters

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// What requests are counted in is bounded, whatever names variants have.
func TestManyVariants(t *testing.T) {
	r := NewRegistry()
	f := r.UseFlag("shop", "X-Theme", "/theme")
	var all sync.WaitGroup
	for range 4 {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := range 1000 {
				CountVariant(f, fmt.Sprint("variant ", i))
				CountVariant(f, strings.Repeat("long", 1000))
				CountVariant(f, "variant 0")
			}
		}()
	}
	all.Wait()
	counts, sum := r.Variants(), int64(0)
	for _, c := range counts {
		sum += c.Count
		if len(c.Variant) > LongestVariant+len("...") || c.Middleware != "shop" || c.Rule != "X-Theme" || c.Flag != "/theme" {
			t.Errorf("%.20q of %s, %s, %s", c.Variant, c.Middleware, c.Rule, c.Flag)
		}
	}
	if len(counts) != mostVariants+1 || sum != 12000 {
		t.Errorf("%d variants, %d evaluations", len(counts), sum)
	}
}

// A decision counts together with the variant that has led to it.
func TestDecisionAndVariant(t *testing.T) {
	r := NewRegistry()
	g := r.UseGate("shop", "/flag")
	r.Begin()
	on := &flag.Evaluation{Variant: "on", Reason: flag.ReasonSplit}
	Count(g, Pass, on)
	*CellOf(g, Pass, on)++
	Count(g, Block, &flag.Evaluation{Reason: flag.ReasonError})
	if got := r.Decisions(); len(got) != 2 || got[0].Decision != Pass || got[0].Reason != flag.ReasonSplit || got[0].Count != 2 || got[1].Decision != Block || got[1].Count != 1 {
		t.Errorf("%+v", got)
	}
	if got := r.Variants(); len(got) != 2 || got[0].Variant != "" || got[0].Count != 1 || got[1].Variant != "on" || got[1].Count != 2 || got[1].Rule != "gate" {
		t.Errorf("%+v", got)
	}
	r.ReleaseFlag(g)
	if len(r.Decisions())+len(r.Variants()) != 0 {
		t.Error("counters stay when nobody uses them")
	}
}

// Instances come and go, as at a reload, while requests and new snapshots use what they share.
func TestInstancesComeWhileGatesCount(t *testing.T) {
	r := NewRegistry()
	r.Begin()
	g := r.UseGate("shop", "/open")
	chosen := &flag.Evaluation{Reason: flag.ReasonStatic, Variant: "on"}
	var all sync.WaitGroup
	all.Add(1)
	go func() {
		defer all.Done()
		for range 1000 {
			Count(g, Block, chosen)
			if CellOf(g, Block, chosen) == nil {
				t.Error("the cell is missing")
			}
		}
	}()
	for range 1000 {
		another := r.UseGate("shop", "/open")
		if another != g {
			t.Fatal("another instance counts elsewhere")
		}
		r.ReleaseFlag(another)
	}
	all.Wait()
	r.ReleaseFlag(g)
	if len(r.Decisions())+len(r.Variants()) != 0 {
		t.Error("counters outlived their last user")
	}
}

func TestLongNamesOfVariants(t *testing.T) {
	fits := strings.Repeat("x", LongestVariant)
	for name, want := range map[string]string{
		"": "", fits: fits, fits + "y": fits + "...",
		fits[1:] + "ü": fits[1:] + "...",
	} {
		if got := ShortVariant(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}
