package good_more

import "fmt"

type kind struct{ n int }

// once declares the value in a frame of its own.
func once(m map[string]int, k string) int {
	v, _ := m[k]
	return v
}

func assert(x any) (string, bool) {
	s, ok := x.(string)
	return s, ok
}

func pointer(m map[string]*kind, k string) *kind {
	v, ok := m[k]
	if ok && v.n > 1 {
		return v
	}
	return v
}

func Run() string {
	m := map[string]int{"a": 1}
	ks := map[string]*kind{"a": {1}, "c": {2}}
	text := ""
	for i := 0; i < 2; i++ {
		for _, k := range []string{"a", "b", "c"} {
			v, ok := m[k]
			if ok {
				text += fmt.Sprint(v, " ")
			}
			w, ok := ks[k]
			if !ok || w.n > 1 {
				continue
			}
			text += fmt.Sprint(w.n, " ")
			u, ok := m[k]
			if !ok {
				u = 9
			}
			x := m[k]
			text += fmt.Sprint(u, x, once(m, k), " ")
			text += fmt.Sprint(pointer(ks, k) == nil, " ")
			_, found := m[k]
			text += fmt.Sprint(found)
		}
		for _, a := range []any{"s", 1} {
			s, ok := assert(a)
			text += fmt.Sprint(s, ok)
		}
	}
	return text
}
