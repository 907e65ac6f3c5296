package zookeeper

import "net/http"

// A wrapper is how requests are served as a snapshot says, before it is known which
// service they go to. What is the same for all services is worked out here.
type wrapper struct {
	same     http.HandlerFunc // where no request goes on; nil where some do
	late     *snapshot        // where the request makes a difference; nil where none does
	plan     *headerPlan      // for headers of the request; nil for none
	response *response        // headers of the response; nil for none
	cells    []*int64         // that count the decisions
	page     *statusPage      // nil for none
	status   statusHandler    // answers there
}

// wrapperOf prepares handlers that do what a snapshot says. They have the steps that
// this one needs and no others, since a step costs time with every request,
// taken or not.
func wrapperOf(s *snapshot, b *basis) *wrapper {
	to := &wrapper{cells: s.cells, page: b.rules.statusPage, status: b.status}
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

// waitingWrapper is the wrapper while there is no snapshot yet: requests wait, other than
// those for the status page.
func waitingWrapper(waiting http.HandlerFunc, b *basis) *wrapper {
	return &wrapper{same: waiting, page: b.rules.statusPage, status: b.status}
}

// handlerFor is the handler in front of a service.
func handlerFor(to *wrapper, next http.Handler) http.HandlerFunc { return detachedHandler(to, next) }

// makeHandler makes it. It is called through
// detachedHandler, as it stays for as long as the snapshot.
func makeHandler(to *wrapper, next http.Handler) http.HandlerFunc {
	handler := to.same
	if handler == nil {
		handler = handlerBefore(to, next)
	}
	if len(to.cells) > 0 {
		handler = counting(handler, to.cells)
	}
	if to.page != nil {
		handler = statusBefore(handler, to.page, to.status)
	}
	return handler
}

func handlerBefore(to *wrapper, next http.Handler) http.HandlerFunc {
	switch {
	case to.late != nil:
		return deciding(next, to.late)
	case to.response != nil && to.plan != nil:
		return setHeadersBefore(responding(next, to.response), to.plan)
	case to.response != nil:
		return responding(next, to.response)
	case to.plan != nil:
		return setHeadersBefore(next, to.plan)
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
