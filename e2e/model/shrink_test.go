//go:build hooks

package model

import (
	"slices"
	"time"
)

// shrink leaves out steps as long as a walk goes wrong without them: parts of it,
// then smaller ones, until single steps. It gives up after some time.
func (r *walker) shrink(steps []step, within time.Duration) []step {
	deadline := time.Now().Add(within)
	for size := max(1, len(steps)/2); ; {
		before := len(steps)
		for at := len(steps) - size; at > -size; at -= size {
			fewer := slices.Delete(slices.Clone(steps), max(at, 0), min(at+size, len(steps)))
			if time.Now().After(deadline) {
				return steps
			}
			if wrong := r.run(fewer, true); wrong != nil {
				steps = fewer[:wrong.at+1]
			}
		}
		switch {
		case size > 1:
			size = max(1, size/2)
		case len(steps) == before:
			return steps
		}
	}
}
