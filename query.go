package zookeeper

import (
	"net/url"
	"strings"
)

// parameters are those of a request's query.
type parameters struct {
	values    url.Values
	malformed map[string]bool // names that some services find in what doesn't parse
	unread    string          // why there are no values; empty where there are
}

// parametersOf parses the query at the first call.
func parametersOf(v *visitor) *parameters {
	if v.query == nil {
		v.query = parseQuery(v.request.URL.RawQuery)
	}
	return v.query
}

// queryOf is the first parameter of a name.
func queryOf(name string, v *visitor) string {
	if v.request.URL.RawQuery == "" {
		return ""
	}
	query := parametersOf(v)
	if query.unread != "" || query.malformed[name] {
		v.unread = query.unread
		if v.unread == "" {
			v.unread = "the query's parameter " + quoted(name) + " is malformed"
		}
		return ""
	}
	return query.values.Get(name)
}

func parseQuery(raw string) *parameters {
	if len(raw) > maxTextBytes || strings.Count(raw, "&") >= maxParameters {
		return &parameters{unread: "the query has more than 16 KB or 500 parameters"}
	}
	values, err := url.ParseQuery(raw)
	query := &parameters{values: values}
	if err != nil {
		query.findMalformed(raw)
	}
	return query
}

// findMalformed notes the names of the parameters that the parser drops. Services
// read them in ways of their own: "a=1;b=2" as one or two, "a=50%" with a value.
func (q *parameters) findMalformed(raw string) {
	if strings.Count(raw, "&")+strings.Count(raw, ";") >= maxMalformed {
		q.unread = "the query is malformed"
		return
	}
	q.malformed = map[string]bool{}
	for _, pair := range strings.Split(raw, "&") {
		pieces := strings.Split(pair, ";")
		for _, piece := range pieces {
			key, value, _ := strings.Cut(piece, "=")
			name, err := url.QueryUnescape(key)
			if err != nil {
				q.unread = "the query has a malformed name"
				return
			}
			_, err = url.QueryUnescape(value)
			if err != nil || len(pieces) > 1 {
				q.malformed[name] = true
			}
		}
	}
}
