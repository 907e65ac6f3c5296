package zookeeper

import "net/http"

// A serving makes the handler in front of a service, as a snapshot wants it.
// What is the same for all services is worked out before.
type serving func(next http.Handler) http.HandlerFunc

// handlersFor makes handlers that do what a snapshot says. They have the steps that
// this one needs and no others, since a step costs time with every request,
// taken or not.
func handlersFor(s *snapshot) serving {
	if len(s.cells) > 0 {
		return counting(uncounted(s), s.cells)
	}
	return uncounted(s)
}

func uncounted(s *snapshot) serving {
	switch {
	case s.refusal != nil:
		same := refusing(s.refusal)
		return func(_ http.Handler) http.HandlerFunc { return same }
	case s.decider != nil:
		return func(next http.Handler) http.HandlerFunc { return deciding(next, s) }
	case s.response != nil && len(s.names)+len(s.removed) > 0:
		first := setting(s)
		return func(next http.Handler) http.HandlerFunc { return first(responding(next, s.response)) }
	case s.response != nil:
		return func(next http.Handler) http.HandlerFunc { return responding(next, s.response) }
	case len(s.names)+len(s.removed) > 0:
		return setting(s)
	}
	return func(next http.Handler) http.HandlerFunc { return http.HandlerFunc(next.ServeHTTP) }
}

// deciding is for whatever a snapshot can have.
func deciding(next http.Handler, s *snapshot) http.HandlerFunc {
	d, same := s.decider, len(s.names)+len(s.removed) > 0 || s.response != nil
	return func(w http.ResponseWriter, r *http.Request) {
		if !decide(d, w, r) {
			return
		}
		if same {
			setSame(s, w, r.Header)
		}
		next.ServeHTTP(w, r)
	}
}

// responding is for headers of the response.
func responding(next http.Handler, answer *response) http.HandlerFunc {
	names, values := answer.names, answer.values
	if len(names) == 1 {
		return respondingOne(next, names[0], values[0])
	}
	return func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		for i, name := range names {
			header[name] = values[i]
		}
		next.ServeHTTP(w, r)
	}
}

func respondingOne(next http.Handler, name string, value []string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header()[name] = value
		next.ServeHTTP(w, r)
	}
}

// setSame does what is the same for all requests.
func setSame(s *snapshot, w http.ResponseWriter, header http.Header) {
	for _, name := range s.removed {
		delete(header, name)
	}
	for i, name := range s.names {
		header[name] = s.values[i]
	}
	if s.response != nil {
		setResponse(w, s.response)
	}
}

func setResponse(w http.ResponseWriter, r *response) {
	header := w.Header()
	for i, name := range r.names {
		header[name] = r.values[i]
	}
}
