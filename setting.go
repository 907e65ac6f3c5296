package zookeeper

import "net/http"

// Setting headers is what most instances do, so it has handlers of its own.
//
// Yaegi: a loop costs as much as setting three headers, so there is none for few.
// Each assignment that is written down costs with every request, even where it
// isn't reached, a delete only where it is.

const (
	mostSet   = 5 // headers for which there is a handler without a loop
	mostTwins = 3 // names that such a handler removes for each: a name with two hyphens has so many twins
	mostUnset = 4 // names that are removed without a loop where nothing is set: such a name and its twins
)

// A plan is the headers of requests that are set and removed, in the lists that a
// handler wants, which does it in one of these forms. No header is in both.
type plan struct {
	form    int
	names   []string
	values  [][]string // one for each name
	removed []string
	more    bool // more are removed than set
}

const (
	formOne   = iota // sets one and removes one
	formUnset        // removes a few
	formFew          // sets a few and removes their twins
	formPairs        // sets many and removes as many
	formLists        // sets some and removes more
)

// planOf is nil where there is nothing to do.
func planOf(s *snapshot) *plan {
	set, gone := len(s.names), len(s.removed)
	switch {
	case set+gone == 0:
		return nil
	case set == 1 && gone <= 1:
		return &plan{form: formOne, names: s.names, values: s.values, removed: filled(s.removed, 1)}
	case set == 0 && gone <= mostUnset:
		return &plan{form: formUnset, removed: filled(s.removed, mostUnset)}
	}
	count := set
	for mostTwins*count < gone {
		count++
	}
	switch {
	case set > 0 && count <= mostSet:
		return planOfFew(s, count)
	case gone > set:
		return &plan{form: formLists, names: s.names, values: s.values, removed: s.removed}
	}
	return &plan{form: formPairs, names: s.names, values: s.values, removed: filled(s.removed, set)}
}

func planOfFew(s *snapshot, count int) *plan {
	values := append([][]string{}, s.values...)
	for len(values) < count {
		values = append(values, values[len(values)-1])
	}
	return &plan{form: formFew, names: filled(s.names, count), values: values, removed: filled(s.removed, mostTwins*count), more: len(s.removed) > count}
}

// setting does what is planned before a handler.
func setting(next http.Handler, p *plan) http.HandlerFunc {
	switch p.form {
	case formOne:
		return settingOne(next, p.names[0], p.values[0], p.removed[0])
	case formUnset:
		return removing(next, p.removed)
	case formPairs:
		return settingPairs(next, p.names, p.values, p.removed)
	case formLists:
		return settingLists(next, p.names, p.values, p.removed)
	}
	return settingFew(next, p)
}

func settingFew(next http.Handler, p *plan) http.HandlerFunc {
	names, values, removed := p.names, p.values, p.removed
	switch len(names) {
	case 1:
		return setting1(next, names, values, removed)
	case 2:
		return setting2(next, names, values, removed, p.more)
	case 3:
		return setting3(next, names, values, removed, p.more)
	case 4:
		return setting4(next, names, values, removed, p.more)
	}
	return setting5(next, names, values, removed, p.more)
}

// filled makes a list longer by repeating its last item; nothing is a name that
// no request has.
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

func removing(next http.Handler, removed []string) http.HandlerFunc {
	gone0, gone1, gone2, gone3 := removed[0], removed[1], removed[2], removed[3]
	return func(w http.ResponseWriter, r *http.Request) {
		header := r.Header
		delete(header, gone0)
		delete(header, gone1)
		delete(header, gone2)
		delete(header, gone3)
		next.ServeHTTP(w, r)
	}
}

func settingOne(next http.Handler, name string, value []string, removed string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Header[name] = value
		delete(r.Header, removed)
		next.ServeHTTP(w, r)
	}
}

func setting1(next http.Handler, names []string, values [][]string, removed []string) http.HandlerFunc {
	name0, value0, gone0 := names[0], values[0], removed[0]
	gone1, gone2 := removed[1], removed[2]
	return func(w http.ResponseWriter, r *http.Request) {
		header := r.Header
		header[name0] = value0
		delete(header, gone0)
		delete(header, gone1)
		delete(header, gone2)
		next.ServeHTTP(w, r)
	}
}

func setting2(next http.Handler, names []string, values [][]string, removed []string, more bool) http.HandlerFunc {
	name0, value0, gone0 := names[0], values[0], removed[0]
	name1, value1, gone1 := names[1], values[1], removed[1]
	gone2, gone3, gone4, gone5 := removed[2], removed[3], removed[4], removed[5]
	return func(w http.ResponseWriter, r *http.Request) {
		header := r.Header
		header[name0] = value0
		delete(header, gone0)
		header[name1] = value1
		delete(header, gone1)
		if more {
			delete(header, gone2)
			delete(header, gone3)
			delete(header, gone4)
			delete(header, gone5)
		}
		next.ServeHTTP(w, r)
	}
}

func setting3(next http.Handler, names []string, values [][]string, removed []string, more bool) http.HandlerFunc {
	name0, value0, gone0 := names[0], values[0], removed[0]
	name1, value1, gone1 := names[1], values[1], removed[1]
	name2, value2, gone2 := names[2], values[2], removed[2]
	gone3, gone4, gone5, gone6, gone7 := removed[3], removed[4], removed[5], removed[6], removed[7]
	gone8 := removed[8]
	return func(w http.ResponseWriter, r *http.Request) {
		header := r.Header
		header[name0] = value0
		delete(header, gone0)
		header[name1] = value1
		delete(header, gone1)
		header[name2] = value2
		delete(header, gone2)
		if more {
			delete(header, gone3)
			delete(header, gone4)
			delete(header, gone5)
			delete(header, gone6)
			delete(header, gone7)
			delete(header, gone8)
		}
		next.ServeHTTP(w, r)
	}
}

func setting4(next http.Handler, names []string, values [][]string, removed []string, more bool) http.HandlerFunc {
	name0, value0, gone0 := names[0], values[0], removed[0]
	name1, value1, gone1 := names[1], values[1], removed[1]
	name2, value2, gone2 := names[2], values[2], removed[2]
	name3, value3, gone3 := names[3], values[3], removed[3]
	gone4, gone5, gone6, gone7, gone8 := removed[4], removed[5], removed[6], removed[7], removed[8]
	gone9, gone10, gone11 := removed[9], removed[10], removed[11]
	return func(w http.ResponseWriter, r *http.Request) {
		header := r.Header
		header[name0] = value0
		delete(header, gone0)
		header[name1] = value1
		delete(header, gone1)
		header[name2] = value2
		delete(header, gone2)
		header[name3] = value3
		delete(header, gone3)
		if more {
			delete(header, gone4)
			delete(header, gone5)
			delete(header, gone6)
			delete(header, gone7)
			delete(header, gone8)
			delete(header, gone9)
			delete(header, gone10)
			delete(header, gone11)
		}
		next.ServeHTTP(w, r)
	}
}

func setting5(next http.Handler, names []string, values [][]string, removed []string, more bool) http.HandlerFunc {
	name0, value0, gone0 := names[0], values[0], removed[0]
	name1, value1, gone1 := names[1], values[1], removed[1]
	name2, value2, gone2 := names[2], values[2], removed[2]
	name3, value3, gone3 := names[3], values[3], removed[3]
	name4, value4, gone4 := names[4], values[4], removed[4]
	gone5, gone6, gone7, gone8, gone9 := removed[5], removed[6], removed[7], removed[8], removed[9]
	gone10, gone11, gone12, gone13, gone14 := removed[10], removed[11], removed[12], removed[13], removed[14]
	return func(w http.ResponseWriter, r *http.Request) {
		header := r.Header
		header[name0] = value0
		delete(header, gone0)
		header[name1] = value1
		delete(header, gone1)
		header[name2] = value2
		delete(header, gone2)
		header[name3] = value3
		delete(header, gone3)
		header[name4] = value4
		delete(header, gone4)
		if more {
			delete(header, gone5)
			delete(header, gone6)
			delete(header, gone7)
			delete(header, gone8)
			delete(header, gone9)
			delete(header, gone10)
			delete(header, gone11)
			delete(header, gone12)
			delete(header, gone13)
			delete(header, gone14)
		}
		next.ServeHTTP(w, r)
	}
}

func settingPairs(next http.Handler, names []string, values [][]string, removed []string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		header := r.Header
		for i, name := range names {
			header[name] = values[i]
			delete(header, removed[i])
		}
		next.ServeHTTP(w, r)
	}
}

func settingLists(next http.Handler, names []string, values [][]string, removed []string) http.HandlerFunc {
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
