package zookeeper

import (
	"net/textproto"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// An attribute is one entry of the evaluation context: its name, as a targeting
// refers to it, and the template that it has in a request.
type attribute struct {
	name     string
	template *template
	header   string // whose value it is; empty where there is more to it
}

const targetingKey = "targetingKey"

// terms are the attributes that every request has.
var terms = map[string]string{"host": "host", "path": "path", "method": "method", "ip": "ip"}

// attributesFor finds where the attributes come from that a targeting refers to;
// the others are unknown.
func attributesFor(names []string, configured map[string]*template) []*attribute {
	var found []*attribute
	for _, name := range names {
		t := configured[name]
		if t == nil {
			t = standard(name)
		}
		if t != nil {
			found = append(found, &attribute{name: name, template: t, header: t.header()})
		}
	}
	return found
}

// standard is the template of an attribute that needs no configuration; nil where
// there is none of that name.
func standard(name string) *template {
	text := terms[name]
	dot := strings.IndexByte(name, '.')
	if dot > 0 {
		switch name[:dot] {
		case "headers":
			text = "header" + name[dot:]
		case "cookies":
			text = "cookie" + name[dot:]
		case "query":
			text = "query" + name[dot:]
		}
	}
	parsed := parseTerm(text)
	if parsed == nil {
		return nil
	}
	return newTemplate([]*part{{terms: []*term{parsed}}})
}

// contextOf looks up the attributes in a request.
func contextOf(attributes []*attribute, v *visitor) flag.Map {
	found := flag.Map{}
	for _, a := range attributes {
		value := ""
		if a.header != "" {
			value = headerOf(a.header, v)
		} else {
			value = expand(a.template, v)
		}
		if value != "" {
			found[a.name] = value
		}
	}
	return found
}

// wholeContext is the evaluation context with everything in it, for a targeting
// that computes the names of attributes.
func wholeContext(configured map[string]*template, v *visitor) flag.Map {
	headers, cookies, query := map[string]any{}, map[string]any{}, map[string]any{}
	for name := range v.request.Header {
		headers[strings.ToLower(name)] = headerOf(name, v)
	}
	for name, value := range v.managed {
		if value != "" {
			headers[strings.ToLower(textproto.CanonicalMIMEHeaderKey(name))] = value
		}
	}
	for _, cookie := range v.request.Cookies() {
		if cookies[cookie.Name] == nil { // of several, the first
			cookies[cookie.Name] = cookie.Value
		}
	}
	for name, values := range v.request.URL.Query() {
		query[name] = values[0]
	}
	all := flag.Map{"headers": headers, "cookies": cookies, "query": query}
	for name := range terms {
		all[name] = firstOf([]*term{parseTerm(name)}, v)
	}
	for name, t := range configured {
		value := expand(t, v)
		if value != "" {
			all[name] = value
		}
	}
	return all
}
