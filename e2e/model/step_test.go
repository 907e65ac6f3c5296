//go:build hooks

package model

import (
	"fmt"
	"os"
	"strings"
)

// A step is something that happens. As text, a line each:
//
//	put /t/a/plan json 17       a node is created or changed, with parents
//	del /t/a                    a node goes, and all below it
//	deny /t/a/plan              nobody may read a node; grant gives the right back
//	set m1 header /f/a text     a middleware for the next reload; remove m1
//	cluster timeout=2s servers=12
//	reload cancel 7             old instances are cancelled, new ones built in the order of a seed,
//	                            requests go to the new ones; reload build 7 builds before it cancels
//	wait                        what was cancelled has gone
//	cut                         the connections break
//	expire                      the sessions end
//	network off                 until network on
//	server kill                 until server start
//	copy                        of the ensemble's data
//	restore                     of the latest copy, with a restart
//
// A line that begins with + is followed by the next one at once; after each other
// step the plugin has time to get to where the model is.
type step struct {
	hurried   bool
	verb      string
	arguments []string
}

func (s step) String() string {
	text := strings.Join(append([]string{s.verb}, s.arguments...), " ")
	if s.hurried {
		return "+ " + text
	}
	return text
}

// arity is how many arguments a verb has; -1 for any number.
var arity = map[string]int{
	"put": 3, "del": 1, "deny": 1, "grant": 1, "set": -1, "remove": 1, "cluster": 2, "reload": 2,
	"wait": 0, "cut": 0, "expire": 0, "network": 1, "server": 1, "copy": 0, "restore": 0,
}

func parseStep(line string) (step, error) {
	words := strings.Fields(line)
	s := step{}
	if len(words) > 0 && words[0] == "+" {
		s.hurried = true
		words = words[1:]
	}
	if len(words) == 0 {
		return s, fmt.Errorf("%q is no step", line)
	}
	s.verb, s.arguments = words[0], words[1:]
	want, known := arity[s.verb]
	if !known || want >= 0 && len(s.arguments) != want {
		return s, fmt.Errorf("%q is no step", line)
	}
	return s, nil
}

// parseSteps reads a line each; those that begin with # are comments.
func parseSteps(text string) ([]step, error) {
	var steps []step
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		s, err := parseStep(line)
		if err != nil {
			return nil, err
		}
		steps = append(steps, s)
	}
	return steps, nil
}

func readSteps(file string) ([]step, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return parseSteps(string(text))
}

func format(steps []step) string {
	text := ""
	for _, s := range steps {
		text += s.String() + "\n"
	}
	return text
}
