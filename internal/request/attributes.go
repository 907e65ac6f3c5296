package request

import (
	"net/textproto"
	"strconv"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// An Attribute is an entry of the evaluation context that flags refer to.
type Attribute struct {
	name     string // as a targeting has it
	template *Template
	header   string // that the template consists of; empty where it is another one
	limit    int    // of its bytes
}

// TargetingKey is the name of the attribute that shares go by.
const TargetingKey = "targetingKey"

// requestTerms are the placeholders of the attributes that every request has, by the names
// of these.
var requestTerms = map[string]string{"host": "host", "path": "path", "method": "method", ClientIP: "ip"}

// AttributesFor finds the attributes that a targeting refers to by these names. One that the
// configuration has counts before the one that every request has. A name that is unknown has
// no attribute.
func AttributesFor(names []string, configured map[string]*Template) []*Attribute {
	var found []*Attribute
	for _, name := range names {
		t := configured[name]
		if t == nil {
			t = requestTemplate(name)
		}
		if t != nil {
			found = append(found, &Attribute{name: name, template: t, header: t.header(), limit: limitOf(name)})
		}
	}
	return found
}

// Gives tells whether every request gives an attribute of that name, or may give it.
func Gives(name string) bool {
	return name == "headers" || name == "cookies" || name == "query" || requestTemplate(name) != nil
}

func limitOf(name string) int {
	if name == TargetingKey {
		return maxKeyBytes
	}
	return maxTextBytes
}

func tooLong(name string) string {
	return "the attribute " + name + " is longer than " + strconv.Itoa(limitOf(name)) + " bytes"
}

// requestTemplate is the template of an attribute that every request has; nil where there is
// none of that name.
func requestTemplate(name string) *Template {
	text := requestTerms[name]
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

// ContextOf is the evaluation context with these attributes. One that the request lacks
// isn't in it. Where one can't be read, r.Unread says so.
func ContextOf(attributes []*Attribute, r *Reader) flag.Map {
	found := flag.Map{}
	for _, a := range attributes {
		value := ""
		if a.header != "" {
			value = headerOf(a.header, r)
		} else {
			value = expand(a.template, r)
		}
		if len(value) > a.limit {
			r.Unread = tooLong(a.name)
		}
		if value != "" {
			found[a.name] = value
		}
	}
	return found
}

// TextOf is one attribute of a request. It is empty where the request lacks it. Where it can't be
// read, r.Unread says so.
//
// Yaegi: ContextOf has it written out, since it is called for each attribute.
func TextOf(a *Attribute, r *Reader) string {
	value := ""
	if a.header != "" {
		value = headerOf(a.header, r)
	} else {
		value = expand(a.template, r)
	}
	if len(value) > a.limit {
		r.Unread = tooLong(a.name)
	}
	return value
}

// OnlyHeader is the name of the header whose first line the attribute is, without the white space
// around it; empty where it is another attribute, or the plugin manages that header.
func (a *Attribute) OnlyHeader(managed map[string]string) string {
	_, isManaged := managed[a.header]
	if isManaged {
		return ""
	}
	return a.header
}

// AddWholes adds all headers, cookies or parameters at once to an evaluation context, by the
// names that flags have for them. Where something can't be read, r.Unread says so.
func AddWholes(found flag.Map, names []string, r *Reader) {
	for _, name := range names {
		switch name {
		case "headers":
			found[name] = headersOf(r)
		case "cookies":
			found[name] = cookiesOf(r)
		case "query":
			found[name] = parametersOf(r)
		}
	}
}

// WholeContext is the evaluation context with everything that a request says, for a
// targeting that computes the names of attributes. Where something can't be read, r.Unread
// says so.
func WholeContext(configured map[string]*Template, r *Reader) flag.Map {
	all := flag.Map{}
	AddWholes(all, []string{"headers", "cookies", "query"}, r)
	for name := range requestTerms {
		if configured[name] == nil {
			all[name] = firstOf([]*term{parseTerm(name)}, r)
		}
	}
	for name, t := range configured {
		value := expand(t, r)
		if value != "" {
			all[name] = value
		}
	}
	for name, value := range all {
		text, isText := value.(string)
		if isText && len(text) > limitOf(name) {
			r.Unread = tooLong(name)
		}
	}
	return all
}

func headersOf(r *Reader) map[string]any {
	headers := map[string]any{}
	if len(r.Request.Header) > maxObject {
		r.Unread = "there are more than 100 headers"
		return headers
	}
	for name, values := range r.Request.Header {
		if len(values) > 0 && len(values[0]) > maxTextBytes {
			r.Unread = "the header " + name + " is longer than 16 KB"
		} else if len(values) > 0 {
			headers[strings.ToLower(name)] = strings.Trim(values[0], " \t")
		}
	}
	for name, value := range r.Managed {
		lower := strings.ToLower(textproto.CanonicalMIMEHeaderKey(name))
		if value != "" || headers[lower] != nil {
			headers[lower] = value
		}
	}
	return headers
}

func cookiesOf(r *Reader) map[string]any {
	cookies := map[string]any{}
	read := readOddCookies(r.Request.Header["Cookie"])
	if read.tooLong || strings.Count(read.text, ";")-1 > maxObject {
		r.Unread = "there are more than 100 cookies, or 16 KB of them"
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

func parametersOf(r *Reader) map[string]any {
	parameters := map[string]any{}
	if r.query == nil {
		readQuery(r)
	}
	if r.oddQuery != nil || len(r.query) > maxObject {
		r.Unread = "the query is malformed, or has more than 16 KB or 100 parameters"
		return parameters
	}
	for name, values := range r.query {
		parameters[name] = values[0]
	}
	return parameters
}
