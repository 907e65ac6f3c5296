package faults

import (
	"fmt"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
)

// row is what came of one fault.
type row struct {
	fault         string
	times         int
	served, wrong int
	lost          string
	slowest       time.Duration // until a new value was served when all was well again; 0 for not measured
	left          string
}

// table is what came of all faults.
type table struct {
	mu   sync.Mutex
	rows []row
}

var results table

func (r *table) add(one row) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rows = append(r.rows, one)
}

func (r *table) String() string {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "fault\ttimes\tserved\twrong\tlost\tnew value after\tleft behind")
	for _, row := range r.rows {
		slowest := "-"
		if row.slowest > 0 {
			slowest = row.slowest.Round(time.Millisecond).String()
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%s\t%s\t%s\n", row.fault, row.times, row.served, row.wrong, row.lost, slowest, row.left)
	}
	w.Flush()
	return text.String()
}
