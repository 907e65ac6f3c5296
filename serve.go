package zookeeper

import "net/http"

// handlerFor is the handler that does what a snapshot says. It has the steps that
// this one needs and no others, since a step costs time with every request, taken
// or not.
func handlerFor(next http.Handler, s *snapshot) http.HandlerFunc {
	return counting(uncounted(next, s), s.cells)
}

func uncounted(next http.Handler, s *snapshot) http.HandlerFunc {
	switch {
	case s.refusal != nil:
		return refusing(s.refusal)
	case s.decider != nil || s.response != nil:
		return deciding(next, s)
	case len(s.names)+len(s.removed) > 0:
		return setting(next, s)
	}
	return http.HandlerFunc(next.ServeHTTP)
}

// deciding is for whatever a snapshot can have.
func deciding(next http.Handler, s *snapshot) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.decider != nil && !decide(s.decider, w, r) {
			return
		}
		header := r.Header
		for _, name := range s.removed {
			delete(header, name)
		}
		for i, name := range s.names {
			header[name] = s.values[i]
		}
		if s.response != nil {
			setResponse(w, s.response)
		}
		next.ServeHTTP(w, r)
	}
}

func setResponse(w http.ResponseWriter, r *response) {
	header := w.Header()
	for i, name := range r.names {
		header[name] = r.values[i]
	}
}
