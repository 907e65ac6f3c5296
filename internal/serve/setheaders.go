package serve

import (
	"net/http"
)

// Setting and removing headers of the request is what most instances do, so it has
// handlers of its own.
//
// Yaegi: a loop costs as much as setting three headers. So the handlers for few headers
// have neither a loop nor a condition. They are generated: setheaders_test.go writes
// setheaders_unrolled.go.

// What a handler without a loop can do. A header X-A-B has three other spellings that a
// service may take for it, as X_A_B.
const (
	maxSet            = 5 // headers that it sets
	maxRemovedForEach = 3 // headers that it removes for each that it sets
	maxRemovedAlone   = 4 // headers that it removes where it sets none
)

// The forms of a handler. For each number n from 1 to maxSet there are two forms that set
// n headers without a loop. Form 2n-1 removes n headers, and form 2n removes
// maxRemovedForEach*n.
const (
	formRemoving = 0            // removes a few and sets none, without a loop
	formPairs    = 2*maxSet + 1 // sets many and removes as many
	formLists    = 2*maxSet + 2 // sets some and removes more, or sets none
)

// A headerPlan says which headers of a request are set and removed. No header is both set
// and removed. The lists are as long as the form wants them.
type headerPlan struct {
	form    int
	names   []string
	values  [][]string // one for each name
	removed []string
}

// planOf is nil where there is nothing to do.
func planOf(s *snapshot) *headerPlan {
	set, removed := len(s.names), len(s.removed)
	switch {
	case set+removed == 0:
		return nil
	case removed <= set && set <= maxSet:
		return &headerPlan{form: 2*set - 1, names: s.names, values: s.values, removed: filled(s.removed, set)}
	case removed <= set:
		return &headerPlan{form: formPairs, names: s.names, values: s.values, removed: filled(s.removed, set)}
	case set == 0 && removed <= maxRemovedAlone:
		return &headerPlan{form: formRemoving, removed: filled(s.removed, maxRemovedAlone)}
	case set == 0 || set > maxSet || removed > maxSet*maxRemovedForEach:
		return &headerPlan{form: formLists, names: s.names, values: s.values, removed: s.removed}
	}
	return planRemovingMore(s)
}

// planRemovingMore is for a few headers to set and more of them to remove. Where there are
// too many to remove, the last header is set more than once, so that a larger form fits.
func planRemovingMore(s *snapshot) *headerPlan {
	size, values := len(s.names), append([][]string{}, s.values...)
	for size*maxRemovedForEach < len(s.removed) {
		size++
		values = append(values, values[len(values)-1])
	}
	return &headerPlan{form: 2 * size, names: filled(s.names, size), values: values, removed: filled(s.removed, maxRemovedForEach*size)}
}

// filled is a list that is made longer by repeating its last item. An empty list is filled
// with the empty name, which no request has.
func filled(list []string, length int) []string {
	all, last := append([]string{}, list...), ""
	if len(list) > 0 {
		last = list[len(list)-1]
	}
	for len(all) < length {
		all = append(all, last)
	}
	return all
}

// setInLoop is for the forms with a loop. The generated setHeadersBefore has the others.
func setInLoop(next http.Handler, p *headerPlan) http.HandlerFunc {
	if p.form == formPairs {
		return setPairs(next, p.names, p.values, p.removed)
	}
	return setLists(next, p.names, p.values, p.removed)
}

func setPairs(next http.Handler, names []string, values [][]string, removed []string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		header := r.Header
		for i, name := range names {
			header[name] = values[i]
			delete(header, removed[i])
		}
		next.ServeHTTP(w, r)
	}
}

func setLists(next http.Handler, names []string, values [][]string, removed []string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		header := r.Header
		for _, name := range removed {
			delete(header, name)
		}
		for i, name := range names {
			header[name] = values[i]
		}
		next.ServeHTTP(w, r)
	}
}
