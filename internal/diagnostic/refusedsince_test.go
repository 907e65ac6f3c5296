package diagnostic

import (
	"testing"
	"time"
)

// Of several readings that are refused, the first one counts.
func TestRefusedSince(t *testing.T) {
	first := time.Unix(1, 0)
	second := time.Unix(2, 0)
	refused := func(since time.Time) *Diagnostic { return &Diagnostic{Since: since, Refused: "refused as flag"} }
	for _, c := range []struct {
		before time.Time
		v      *Diagnostic
		want   time.Time
	}{
		{time.Time{}, nil, time.Time{}}, {time.Time{}, &Diagnostic{Since: first}, time.Time{}}, {time.Time{}, refused(second), second},
		{first, refused(second), first}, {second, refused(first), first}, {first, nil, first},
	} {
		if got := RefusedSince(c.before, c.v); !got.Equal(c.want) {
			t.Errorf("%v, want %v", got, c.want)
		}
	}
}
