package bench

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// rounds is how often the contestants take turns.
var rounds = flag.Int("rounds", 41, "how often what is compared takes turns")

// The figures of all benchmarks, in the order in which they were measured.
var rows []row

// A row says what was measured, how it compares with something that was measured
// in between, and what it should be at most or at least.
type row struct {
	group, what, figure, goal string
}

// report adds a row to the table.
func report(group, what, figure, goal string) {
	rows = append(rows, row{group, what, figure, goal})
}

// TestMain prints the table when everything is measured.
func TestMain(m *testing.M) {
	code := m.Run()
	group := ""
	for _, r := range rows {
		if r.group != group {
			group = r.group
			fmt.Printf("\n%s\n", group)
		}
		fmt.Println(strings.TrimRight(fmt.Sprintf("  %-52s %-44s %s", r.what, r.figure, r.goal), " "))
	}
	os.Exit(code)
}

// quantile is the value that so large a part of all is below of.
func quantile(values []float64, part float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(int(part*float64(len(sorted))), len(sorted)-1)]
}

func median(values []float64) float64 { return quantile(values, 0.5) }

// ratios compares two measurements round by round.
func ratios(these, those []float64) []float64 {
	var all []float64
	for i := range these {
		all = append(all, these[i]/those[i])
	}
	return all
}
