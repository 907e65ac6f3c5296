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

// setting sets headers and removes others; no header is among both.
func setting(s *snapshot) serving {
	if len(s.names) == 1 && len(s.removed) <= 1 {
		name, value, removed := s.names[0], s.values[0], filled(s.removed, 1)[0]
		return func(next http.Handler) http.HandlerFunc { return settingOne(next, name, value, removed) }
	}
	if len(s.names) == 0 && len(s.removed) <= mostUnset {
		removed := filled(s.removed, mostUnset)
		return func(next http.Handler) http.HandlerFunc { return removing(next, removed) }
	}
	count := len(s.names)
	for mostTwins*count < len(s.removed) {
		count++
	}
	if len(s.names) == 0 || count > mostSet {
		return settingMany(s)
	}
	return settingFew(s, count)
}

// settingFew makes the lists as long as the handlers have them.
func settingFew(s *snapshot, count int) serving {
	names, removed, more := filled(s.names, count), filled(s.removed, mostTwins*count), len(s.removed) > count
	values := append([][]string{}, s.values...)
	for len(values) < count {
		values = append(values, values[len(values)-1])
	}
	return func(next http.Handler) http.HandlerFunc {
		switch count {
		case 1:
			return setting1(next, names, values, removed)
		case 2:
			return setting2(next, names, values, removed, more)
		case 3:
			return setting3(next, names, values, removed, more)
		case 4:
			return setting4(next, names, values, removed, more)
		}
		return setting5(next, names, values, removed, more)
	}
}

func settingMany(s *snapshot) serving {
	if len(s.removed) > len(s.names) {
		return func(next http.Handler) http.HandlerFunc { return settingLists(next, s.names, s.values, s.removed) }
	}
	removed := filled(s.removed, len(s.names))
	return func(next http.Handler) http.HandlerFunc { return settingPairs(next, s.names, s.values, removed) }
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
