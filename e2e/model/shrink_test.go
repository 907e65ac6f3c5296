//go:build hooks

package model

import (
	"slices"
	"strings"
	"time"
)

// shrink leaves out steps, and then parts of rules, as long as a walk goes wrong
// without them. It gives up after some time.
func (r *walker) shrink(steps []step, within time.Duration) []step {
	deadline := time.Now().Add(within)
	steps = r.shrinkSteps(steps, deadline)
	return r.shrinkRules(steps, deadline)
}

// shrinkRules leaves out rules of middlewares, limits and defaults.
func (r *walker) shrinkRules(steps []step, deadline time.Time) []step {
	for i := 0; i < len(steps); i++ {
		for _, fewer := range simpler(steps[i]) {
			tried := slices.Clone(steps)
			tried[i] = fewer
			if time.Now().After(deadline) {
				return steps
			}
			if wrong := r.run(tried, true); wrong != nil {
				steps = tried[:wrong.at+1]
				i--
				break
			}
		}
	}
	return steps
}

// simpler are steps that set a middleware to less.
func simpler(s step) []step {
	var all []step
	add := func(from, to int) {
		if s.verb == "set" && from < to {
			fewer := s
			fewer.arguments = slices.Delete(slices.Clone(s.arguments), from, to)
			all = append(all, fewer)
		}
	}
	bar := slices.Index(s.arguments, "|")
	if bar > 0 {
		add(bar, len(s.arguments))
		add(1, bar+1)
	}
	for i, word := range s.arguments {
		if strings.HasPrefix(word, "max=") || strings.HasPrefix(word, "default=") {
			add(i, i+1)
		}
	}
	return all
}

// shrinkSteps leaves out parts of the walk, then smaller ones, until single steps.
func (r *walker) shrinkSteps(steps []step, deadline time.Time) []step {
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
