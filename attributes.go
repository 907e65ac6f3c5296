package zookeeper

import (
	"net/textproto"
	"strconv"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// An attribute is one entry of the evaluation context: its name, as a targeting
// refers to it, and the template that it has in a request.
type attribute struct {
	name     string
	template *template
	header   string // whose value it is; empty where there is more to it
	limit    int    // of bytes
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
			found = append(found, &attribute{name: name, template: t, header: t.header(), limit: limitOf(name)})
		}
	}
	return found
}

func limitOf(name string) int {
	if name == targetingKey {
		return maxKeyBytes
	}
	return maxTextBytes
}

func tooLong(name string) string {
	return "the attribute " + name + " is longer than " + strconv.Itoa(limitOf(name)) + " bytes"
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

// contextOf looks up the attributes in a request. Where one can't be read, v.unread
// says so.
func contextOf(attributes []*attribute, v *visitor) flag.Map {
	found := flag.Map{}
	for _, a := range attributes {
		value := ""
		if a.header != "" {
			value = headerOf(a.header, v)
		} else {
			value = expand(a.template, v)
		}
		if len(value) > a.limit {
			v.unread = tooLong(a.name)
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
	all := flag.Map{"headers": headersOf(v), "cookies": cookiesOf(v), "query": parametersOf(v)}
	for name := range terms {
		all[name] = firstOf([]*term{parseTerm(name)}, v)
	}
	for name, t := range configured {
		value := expand(t, v)
		if value != "" {
			all[name] = value
		}
	}
	for name, value := range all {
		text, isText := value.(string)
		if isText && len(text) > limitOf(name) {
			v.unread = tooLong(name)
		}
	}
	return all
}

func headersOf(v *visitor) map[string]any {
	headers := map[string]any{}
	if len(v.request.Header) > maxObject {
		v.unread = "there are more than 100 headers"
		return headers
	}
	for name, values := range v.request.Header {
		if len(values) > 0 && len(values[0]) > maxTextBytes {
			v.unread = "the header " + name + " is longer than 16 KB"
		} else if len(values) > 0 {
			headers[strings.ToLower(name)] = strings.Trim(values[0], " \t")
		}
	}
	for name, value := range v.managed {
		lower := strings.ToLower(textproto.CanonicalMIMEHeaderKey(name))
		if value != "" || headers[lower] != nil {
			headers[lower] = value
		}
	}
	return headers
}

func cookiesOf(v *visitor) map[string]any {
	cookies := map[string]any{}
	read := readOddCookies(v.request.Header["Cookie"])
	if read.tooLong || strings.Count(read.text, ";")-1 > maxObject {
		v.unread = "there are more than 100 cookies, or 16 KB of them"
		return cookies
	}
	for _, pair := range strings.Split(read.text, ";") {
		name, value, _ := strings.Cut(pair, "=")
		name = strings.Trim(name, " \t")
		if name != "" && cookies[name] == nil { // of several, the first
			cookies[name] = unquoted(strings.TrimRight(value, " \t"))
		}
	}
	return cookies
}

func parametersOf(v *visitor) map[string]any {
	parameters := map[string]any{}
	if v.query == nil {
		readQuery(v)
	}
	if v.oddQuery != nil || len(v.query) > maxObject {
		v.unread = "the query is malformed, or has more than 16 KB or 100 parameters"
		return parameters
	}
	for name, values := range v.query {
		parameters[name] = values[0]
	}
	return parameters
}
