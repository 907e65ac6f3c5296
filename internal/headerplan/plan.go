// Package headerplan makes the handlers that set and remove headers of requests. Which
// headers those are is planned beforehand, and each plan has a handler with no more steps
// than it needs.
package headerplan

import (
	"net/http"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/published"
)

// Setting and removing headers of the request is what most instances do, so it has
// handlers of its own.
//
// Yaegi: a loop costs as much as setting three headers. So the handlers for few headers
// have neither a loop nor a condition. They are generated: plan_test.go writes unrolled.go.

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
	formInPlace  = 2*maxSet + 3 // sets one whose value is read in place
)

// A Plan says which headers of a request are set and removed. No header is both set and
// removed. The lists are as long as the form wants them.
type Plan struct {
	form    int
	names   []string
	values  [][]string // one for each name
	removed []string
	lines   **[]string // in the place of the value of the only name, as published.WordOf has it; nil otherwise
}

// Wanted are headers to set, with a value for each, and headers to remove.
type Wanted struct {
	Names   []string
	Values  [][]string
	Removed []string
	Lines   *atomic.Value // in the place of the value of the only name: a *[]string, as package published has it; nil otherwise
}

// Of is the plan for what is wanted; nil where there is nothing to do.
func Of(s *Wanted) *Plan {
	set, removed := len(s.Names), len(s.Removed)
	switch {
	case set+removed == 0:
		return nil
	case s.Lines != nil:
		return &Plan{form: formInPlace, names: s.Names, removed: s.Removed, lines: published.WordOf(s.Lines).(**[]string)}
	case removed <= set && set <= maxSet:
		return &Plan{form: 2*set - 1, names: s.Names, values: s.Values, removed: filled(s.Removed, set)}
	case removed <= set:
		return &Plan{form: formPairs, names: s.Names, values: s.Values, removed: filled(s.Removed, set)}
	case set == 0 && removed <= maxRemovedAlone:
		return &Plan{form: formRemoving, removed: filled(s.Removed, maxRemovedAlone)}
	case set == 0 || set > maxSet || removed > maxSet*maxRemovedForEach:
		return &Plan{form: formLists, names: s.Names, values: s.Values, removed: s.Removed}
	}
	return planRemovingMore(s)
}

// planRemovingMore is for a few headers to set and more of them to remove. Where there are
// too many to remove, the last header is set more than once, so that a larger form fits.
func planRemovingMore(s *Wanted) *Plan {
	size, values := len(s.Names), append([][]string{}, s.Values...)
	for size*maxRemovedForEach < len(s.Removed) {
		size++
		values = append(values, values[len(values)-1])
	}
	return &Plan{form: 2 * size, names: filled(s.Names, size), values: values, removed: filled(s.Removed, maxRemovedForEach*size)}
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

// setInLoop is for the forms with a loop. The generated Before has the others.
func setInLoop(next http.Handler, p *Plan) http.HandlerFunc {
	switch {
	case p.form == formPairs:
		return setPairs(next, p.names, p.values, p.removed)
	case p.form == formLists:
		return setLists(next, p.names, p.values, p.removed)
	case len(p.removed) <= 1:
		return setInPlace(next, p.names[0], p.lines, p.removed)
	}
	return setInPlaceAndRemove(next, p.names[0], p.lines, p.removed)
}

func setInPlace(next http.Handler, name string, lines **[]string, removed []string) http.HandlerFunc {
	gone := ""
	if len(removed) > 0 {
		gone = removed[0]
	}
	return func(w http.ResponseWriter, r *http.Request) {
		r.Header[name] = **lines
		delete(r.Header, gone)
		next.ServeHTTP(w, r)
	}
}

// LooksForPages tells whether WithPages has a handler for the plan.
func (p *Plan) LooksForPages() bool { return p.form == formInPlace && len(p.removed) <= 1 }

// WithPages is Before for such a plan. Requests for the paths of pages are left to these.
func WithPages(next http.Handler, p *Plan, pages map[string]http.Handler) http.HandlerFunc {
	name, lines, gone := p.names[0], p.lines, filled(p.removed, 1)[0]
	return func(w http.ResponseWriter, r *http.Request) {
		page := pages[r.URL.Path]
		if page != nil {
			page.ServeHTTP(w, r)
			return
		}
		r.Header[name] = **lines
		delete(r.Header, gone)
		next.ServeHTTP(w, r)
	}
}

func setInPlaceAndRemove(next http.Handler, name string, lines **[]string, removed []string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		header := r.Header
		header[name] = **lines
		for _, gone := range removed {
			delete(header, gone)
		}
		next.ServeHTTP(w, r)
	}
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
