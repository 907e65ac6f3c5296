package zookeeper

import "net/http"

// Setting headers is what most instances do, so it has handlers of its own.
//
// Yaegi: a loop costs as much as setting three headers, so there is none for few.

// mostPairs is for how many headers there is a handler without a loop.
const mostPairs = 5

// setting sets headers and removes others; no header is among both.
func setting(s *snapshot) serving {
	names, values, removed := paired(s)
	switch len(names) {
	case 1:
		name, value, twin := names[0], values[0], removed[0]
		return func(next http.Handler) http.HandlerFunc { return setting1(next, name, value, twin) }
	case 2:
		return func(next http.Handler) http.HandlerFunc { return setting2(next, names, values, removed) }
	case 3:
		return func(next http.Handler) http.HandlerFunc { return setting3(next, names, values, removed) }
	case 4:
		return func(next http.Handler) http.HandlerFunc { return setting4(next, names, values, removed) }
	case 5:
		return func(next http.Handler) http.HandlerFunc { return setting5(next, names, values, removed) }
	}
	return func(next http.Handler) http.HandlerFunc { return settingMany(next, s.names, s.values, s.removed) }
}

// paired makes the lists equally long, by repeating their last items: as a rule,
// each header has one twin to be removed. It makes none of what is too long, or
// sets nothing.
func paired(s *snapshot) ([]string, [][]string, []string) {
	length := len(s.names)
	if len(s.removed) > length {
		length = len(s.removed)
	}
	if len(s.names) == 0 || length > mostPairs {
		return nil, nil, nil
	}
	var names, removed []string
	var values [][]string
	for i := 0; i < length; i++ {
		last := smaller(i, len(s.names)-1)
		names = append(names, s.names[last])
		values = append(values, s.values[last])
		if len(s.removed) == 0 {
			removed = append(removed, "") // which no request has
		} else {
			removed = append(removed, s.removed[smaller(i, len(s.removed)-1)])
		}
	}
	return names, values, removed
}

func smaller(a, b int) int {
	if a < b {
		return a
	}
	return b
}

func setting1(next http.Handler, name string, value []string, removed string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Header[name] = value
		delete(r.Header, removed)
		next.ServeHTTP(w, r)
	}
}

func setting2(next http.Handler, names []string, values [][]string, removed []string) http.HandlerFunc {
	name0, value0, removed0 := names[0], values[0], removed[0]
	name1, value1, removed1 := names[1], values[1], removed[1]
	return func(w http.ResponseWriter, r *http.Request) {
		header := r.Header
		header[name0] = value0
		delete(header, removed0)
		header[name1] = value1
		delete(header, removed1)
		next.ServeHTTP(w, r)
	}
}

func setting3(next http.Handler, names []string, values [][]string, removed []string) http.HandlerFunc {
	name0, value0, removed0 := names[0], values[0], removed[0]
	name1, value1, removed1 := names[1], values[1], removed[1]
	name2, value2, removed2 := names[2], values[2], removed[2]
	return func(w http.ResponseWriter, r *http.Request) {
		header := r.Header
		header[name0] = value0
		delete(header, removed0)
		header[name1] = value1
		delete(header, removed1)
		header[name2] = value2
		delete(header, removed2)
		next.ServeHTTP(w, r)
	}
}

func setting4(next http.Handler, names []string, values [][]string, removed []string) http.HandlerFunc {
	name0, value0, removed0 := names[0], values[0], removed[0]
	name1, value1, removed1 := names[1], values[1], removed[1]
	name2, value2, removed2 := names[2], values[2], removed[2]
	name3, value3, removed3 := names[3], values[3], removed[3]
	return func(w http.ResponseWriter, r *http.Request) {
		header := r.Header
		header[name0] = value0
		delete(header, removed0)
		header[name1] = value1
		delete(header, removed1)
		header[name2] = value2
		delete(header, removed2)
		header[name3] = value3
		delete(header, removed3)
		next.ServeHTTP(w, r)
	}
}

func setting5(next http.Handler, names []string, values [][]string, removed []string) http.HandlerFunc {
	name0, value0, removed0 := names[0], values[0], removed[0]
	name1, value1, removed1 := names[1], values[1], removed[1]
	name2, value2, removed2 := names[2], values[2], removed[2]
	name3, value3, removed3 := names[3], values[3], removed[3]
	name4, value4, removed4 := names[4], values[4], removed[4]
	return func(w http.ResponseWriter, r *http.Request) {
		header := r.Header
		header[name0] = value0
		delete(header, removed0)
		header[name1] = value1
		delete(header, removed1)
		header[name2] = value2
		delete(header, removed2)
		header[name3] = value3
		delete(header, removed3)
		header[name4] = value4
		delete(header, removed4)
		next.ServeHTTP(w, r)
	}
}

func settingMany(next http.Handler, names []string, values [][]string, removed []string) http.HandlerFunc {
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
