package main

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestParseOrder(t *testing.T) {
	b, err := parseOrder("a b < c < d\nc < e\n* < f < .\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"a": "", "b": "", "c": "a b", "d": "a b c", "e": "a b c", "f": "a b c d e", ".": "a b c d e f",
	} {
		if got := strings.Join(slices.Sorted(maps.Keys(b[name])), " "); got != want {
			t.Errorf("below %s stand %q, want %q", name, got, want)
		}
	}
}

func TestParseOrderInCircle(t *testing.T) {
	if _, err := parseOrder("a < b < c\nc < a\n"); err == nil || !strings.Contains(err.Error(), "circle") {
		t.Errorf("%v doesn't tell of the circle", err)
	}
}

// The order that is declared has each package once at its place.
func TestOrder(t *testing.T) {
	b, err := parseOrder(order)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		upper, lower string
		want         bool
	}{
		{".", "internal/status", true},
		{"internal/status", "internal/middleware", true},
		{"internal/status", ".", false},
		{"internal/middleware", "internal/log", true},
		{"internal/rules", "internal/cache", false},
		{"internal/cache", "internal/request", true},
		{"internal/cache", "internal/store", true},
		{"internal/store", "internal/cache", false},
		{"internal/store", "internal/history", true},
		{"internal/clusters", "internal/serve", false},
		{"config", "internal/lists", true},
		{"config", "internal/guard", false},
	} {
		if b[c.upper][c.lower] != c.want {
			t.Errorf("%s may import %s: %v, want %v", c.upper, c.lower, !c.want, c.want)
		}
	}
}
