//go:build hooks

// Package model walks at random over everything that may happen to the plugin:
// nodes, rights, middlewares, limits, definitions, sessions, networks, servers and
// restored ensembles. After each step it compares what the plugin serves with what
// a model says. A walk that goes wrong shrinks to the steps that it takes.
//
// What was found stays in testdata, a file for each.
package model

import (
	"flag"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

var (
	full    = flag.Bool("full", false, "walk many long walks; it takes minutes")
	seeds   = flag.String("seed", "", "the walks to walk, as in 7 or 7-12")
	length  = flag.Int("steps", 0, "how many steps a walk has")
	without = flag.String("without", "", "what walks do without, with commas between, such as restore,cluster")
	replay  = flag.String("replay", "", "a file with the steps of the only walk")
	budget  = flag.Duration("shrink", 2*time.Minute, "for how long a walk that went wrong is made shorter; 0s for not at all")
)

func TestCompiled(t *testing.T) { walks(t, plugin.Compiled()) }

func TestInterpreted(t *testing.T) { walks(t, plugin.Interpreted(t)) }

func walks(t *testing.T, p plugin.Plugin) {
	plugin.Linger(t, p, linger)
	w := &walker{t: t, plugin: p, ensemble: startEnsemble(t), without: listed(*without)}
	if *replay != "" {
		w.replay(t, *replay)
		return
	}
	if *seeds == "" {
		files, _ := filepath.Glob("testdata/*.txt")
		for _, file := range files {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { w.replay(t, file) })
		}
	}
	first, last, steps := 1, 3, 80
	if *full {
		last, steps = 12, 300
	}
	if *seeds != "" {
		first, last = between(t, *seeds)
	}
	if *length > 0 {
		steps = *length
	}
	for seed := first; seed <= last; seed++ {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			w.test(t, generate(uint64(seed), steps, w.without))
		})
	}
}

// listed are the words between the commas.
func listed(words string) map[string]bool {
	found := map[string]bool{}
	for _, word := range strings.Split(words, ",") {
		found[word] = true
	}
	return found
}

// between reads a number or two.
func between(t *testing.T, text string) (first, last int) {
	t.Helper()
	from, to, two := strings.Cut(text, "-")
	if !two {
		to = from
	}
	first, err := strconv.Atoi(from)
	if err == nil {
		last, err = strconv.Atoi(to)
	}
	if err != nil {
		t.Fatalf("-seed %s: %v", text, err)
	}
	return first, last
}

// replay walks what is written in a file.
func (r *walker) replay(t *testing.T, file string) {
	steps, err := readSteps(file)
	if err != nil {
		t.Fatal(err)
	}
	if wrong := r.run(steps, false); wrong != nil {
		t.Fatalf("step %d, %s: %s", wrong.at+1, steps[wrong.at], wrong.what)
	}
}

// test walks, and prints the least that goes wrong.
func (r *walker) test(t *testing.T, steps []step) {
	began := time.Now()
	wrong := r.run(steps, false)
	if wrong == nil {
		t.Logf("%d steps in %s", len(steps), time.Since(began).Round(time.Millisecond))
		return
	}
	printed := fmt.Sprintf("step %d, %s: %s", wrong.at+1, steps[wrong.at], wrong.what)
	steps = steps[:wrong.at+1]
	if *budget > 0 {
		steps = r.shrink(steps, *budget)
		if again := r.run(steps, false); again != nil {
			printed += "\nin short: " + again.what
		} else {
			printed += "\nin short nothing is wrong at a second try"
		}
	}
	t.Errorf("%s\nThese %d steps are what it takes; put them into a file, and walk them again with -replay:\n%s", printed, len(steps), format(steps))
}
