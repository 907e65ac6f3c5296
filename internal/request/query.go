package request

import (
	"net/url"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

// An oddQuery is a query that Go's parser doesn't take as a whole.
type oddQuery struct {
	malformed map[string]bool // names that some services find in what the parser leaves out
	unread    string          // why nothing of it is read; empty where something is
}

// queryOf is the first parameter of a name; empty where there is none, or it can't be read.
func queryOf(name string, r *Reader) string {
	if r.query == nil {
		readQuery(r)
	}
	values := r.query[name]
	if len(values) == 0 {
		return missingParameter(name, r)
	}
	return values[0]
}

// missingParameter is queryOf where the parser has found no such parameter.
func missingParameter(name string, r *Reader) string {
	if r.oddQuery == nil {
		return ""
	}
	if r.oddQuery.unread != "" { // never empties r.Unread, which may have another reason
		r.Unread = r.oddQuery.unread
	}
	if r.oddQuery.malformed[name] {
		r.Unread = "the query's parameter " + problems.Quoted(name) + " is malformed"
	}
	return ""
}

// readQuery parses the query of a request, once for all who look at it. A query with fewer
// bytes than there may be parameters hasn't too many of them.
func readQuery(r *Reader) {
	if len(r.Request.URL.RawQuery) >= maxParameters && hasTooMany(r.Request.URL.RawQuery) {
		r.query = url.Values{}
		r.oddQuery = &oddQuery{unread: "the query has more than 16 KB or 500 parameters"}
		return
	}
	values, err := url.ParseQuery(r.Request.URL.RawQuery)
	r.query = values
	if err != nil {
		readMalformed(r)
	}
}

// hasTooMany tells whether a query has too many bytes or parameters.
func hasTooMany(query string) bool {
	return len(query) > maxTextBytes || strings.Count(query, "&") >= maxParameters
}

// readMalformed removes the parameters that a service may read in another way.
func readMalformed(r *Reader) {
	r.oddQuery = malformedIn(r.Request.URL.RawQuery)
	for name := range r.oddQuery.malformed {
		delete(r.query, name)
	}
	if r.oddQuery.unread != "" {
		r.query = url.Values{}
	}
}

// malformedIn finds the names of the parameters that the parser leaves out. Services read
// them in ways of their own: a=1;b=2 as one parameter or as two, a=50% with a value.
func malformedIn(raw string) *oddQuery {
	odd := &oddQuery{malformed: map[string]bool{}}
	if strings.Count(raw, "&")+strings.Count(raw, ";") >= maxMalformed {
		odd.unread = "the query is malformed, and has more than 64 parameters"
		return odd
	}
	for _, pair := range strings.Split(raw, "&") {
		pieces := strings.Split(pair, ";")
		for _, piece := range pieces {
			key, value, _ := strings.Cut(piece, "=")
			name, err := url.QueryUnescape(key)
			if err != nil {
				odd.unread = "the query has a malformed name"
				return odd
			}
			_, err = url.QueryUnescape(value)
			if err != nil || len(pieces) > 1 {
				odd.malformed[name] = true
			}
		}
	}
	return odd
}
