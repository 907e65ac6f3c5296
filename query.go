package zookeeper

import (
	"net/url"
	"strings"
)

// oddQuery is a query that a parser doesn't take as a whole.
type oddQuery struct {
	malformed map[string]bool // names that some services find in what the parser drops
	unread    string          // why nothing of it is read; empty where something is
}

// queryOf is the first parameter of a name.
func queryOf(name string, v *visitor) string {
	if v.query == nil {
		readQuery(v)
	}
	values := v.query[name]
	if len(values) == 0 {
		return missingParameter(name, v)
	}
	return values[0]
}

func missingParameter(name string, v *visitor) string {
	if v.oddQuery == nil {
		return ""
	}
	if v.oddQuery.unread != "" { // what else couldn't be read stays so
		v.unread = v.oddQuery.unread
	}
	if v.oddQuery.malformed[name] {
		v.unread = "the query's parameter " + quoted(name) + " is malformed"
	}
	return ""
}

// readQuery parses the query of a visitor, once for all that look at it. One with as few
// bytes as there may be parameters hasn't too many of them.
func readQuery(v *visitor) {
	if len(v.request.URL.RawQuery) >= maxParameters && hasTooMany(v.request.URL.RawQuery) {
		v.query = url.Values{}
		v.oddQuery = &oddQuery{unread: "the query has more than 16 KB or 500 parameters"}
		return
	}
	values, err := url.ParseQuery(v.request.URL.RawQuery)
	v.query = values
	if err != nil {
		readMalformed(v)
	}
}

func hasTooMany(query string) bool {
	return len(query) > maxTextBytes || strings.Count(query, "&") >= maxParameters
}

// readMalformed takes out of the values what can't be relied on.
func readMalformed(v *visitor) {
	v.oddQuery = malformedIn(v.request.URL.RawQuery)
	for name := range v.oddQuery.malformed {
		delete(v.query, name)
	}
	if v.oddQuery.unread != "" {
		v.query = url.Values{}
	}
}

// malformedIn finds the names of the parameters that the parser drops. Services read
// them in ways of their own: "a=1;b=2" as one or two, "a=50%" with a value.
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
