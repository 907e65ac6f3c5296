package zookeeper

import "net/http"

// A serving is how requests are served as a snapshot says, before it is known which
// service they go to. What is the same for all services is worked out here.
type serving struct {
	same     http.HandlerFunc // where no request goes on; nil where some do
	late     *snapshot        // where the request makes a difference; nil where none does
	plan     *plan            // for headers of the request; nil for none
	response *response        // headers of the response; nil for none
	cells    []*int64         // that count the decisions
	status   string           // the path of the status page; empty for none
	hidden   bool             // values, on the status page
}

// servingOf prepares handlers that do what a snapshot says. They have the steps that
// this one needs and no others, since a step costs time with every request,
// taken or not.
func servingOf(s *snapshot, r *rules) *serving {
	to := &serving{cells: s.cells, status: r.statusPath, hidden: r.hideValues}
	switch {
	case s.refusal != nil:
		to.same = refusing(s.refusal)
	case s.decider != nil:
		to.late = s
	default:
		to.response = s.response
		to.plan = planOf(s)
	}
	return to
}

// handlerFor is the handler in front of a service. It is called through
// detachedHandler, as it stays for as long as the snapshot.
func handlerFor(to *serving, next http.Handler) http.HandlerFunc {
	handler := to.same
	if handler == nil {
		handler = handlerBefore(to, next)
	}
	if len(to.cells) > 0 {
		handler = counting(handler, to.cells)
	}
	if to.status != "" {
		handler = statusBefore(handler, to.status, to.hidden)
	}
	return handler
}

func handlerBefore(to *serving, next http.Handler) http.HandlerFunc {
	switch {
	case to.late != nil:
		return deciding(next, to.late)
	case to.response != nil && to.plan != nil:
		return setting(responding(next, to.response), to.plan)
	case to.response != nil:
		return responding(next, to.response)
	case to.plan != nil:
		return setting(next, to.plan)
	}
	return http.HandlerFunc(next.ServeHTTP)
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
