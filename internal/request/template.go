package request

import (
	"errors"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// A Template is a text with placeholders for what a request says, as in
// {cookie.uid|header.X-User|'nobody'}.
type Template struct {
	parts []*part
	alone *term // the only one of the only part; nil where there is more
}

// A part is either a text, or the alternatives of a placeholder. The first of them that a
// request has counts.
type part struct {
	text  string
	terms []*term
}

// A term is one thing that a request says.
type term struct {
	kind     termKind
	name     string      // of the header, the cookie or the parameter; or the text itself
	mark     string      // of the cookie
	index    int         // of the path's segment, from 0
	strategy *IPStrategy // of the address; nil for the default
}

type termKind int

const (
	termText termKind = iota
	termHost
	termIP
	termMethod
	termPath
	termSegment
	termHeader
	termCookie
	termQuery
)

const placeholders = "{host}, {ip}, {method}, {path}, {path.1}, {header.NAME}, {cookie.NAME}, {query.NAME} or {'text'}, with alternatives as in {cookie.uid|ip}"

// ParseTemplate parses a template. Its error says what the text has, as in "has a brace
// without its other one".
func ParseTemplate(text string) (*Template, error) {
	var parts []*part
	rest := text
	for rest != "" {
		open := strings.IndexAny(rest, "{}")
		if open < 0 {
			parts = append(parts, &part{text: rest})
			break
		}
		if open > 0 {
			parts = append(parts, &part{text: rest[:open]})
		}
		end := strings.IndexByte(rest, '}')
		if rest[open] == '}' || end < 0 {
			return nil, errors.New("has a brace without its other one")
		}
		terms, err := parseAlternatives(rest[open+1 : end])
		if err != nil {
			return nil, err
		}
		parts = append(parts, &part{terms: terms})
		rest = rest[end+1:]
	}
	return newTemplate(parts), nil
}

// ClientIP is the name of the attribute that is the client's address.
const ClientIP = "ip"

// ClientIPTemplate is the template of the client's address as a strategy finds it.
func ClientIPTemplate(s *IPStrategy) *Template {
	return newTemplate([]*part{{terms: []*term{{kind: termIP, strategy: s}}}})
}

// UseIPStrategy has a template find the client's address by a strategy.
func UseIPStrategy(t *Template, s *IPStrategy) {
	if t != nil {
		useIPStrategy(t.parts, s)
	}
}

func useIPStrategy(parts []*part, s *IPStrategy) {
	for _, p := range parts {
		for _, t := range p.terms {
			t.strategy = s
		}
	}
}

func newTemplate(parts []*part) *Template {
	t := &Template{parts: parts}
	if len(parts) == 1 && len(parts[0].terms) == 1 {
		t.alone = parts[0].terms[0]
	}
	return t
}

// header is the name of the header that the whole template stands for; empty where it is
// another template.
func (t *Template) header() string {
	if t.alone == nil || t.alone.kind != termHeader {
		return ""
	}
	return t.alone.name
}

// HeadersReadBy are the canonical names of the headers that a template reads; none for nil.
func HeadersReadBy(t *Template) []string {
	if t == nil {
		return nil
	}
	return headersIn(t.parts)
}

func headersIn(parts []*part) []string {
	var names []string
	for _, p := range parts {
		for _, t := range p.terms {
			if t.kind == termHeader {
				names = append(names, t.name)
			}
		}
	}
	return names
}

// parseAlternatives parses what stands between two braces.
func parseAlternatives(text string) ([]*term, error) {
	var terms []*term
	for _, alternative := range strings.Split(text, "|") {
		t := parseTerm(strings.TrimSpace(alternative))
		if t == nil {
			return nil, errors.New("has the unknown placeholder " + problems.Quoted(alternative) + "; it may be " + placeholders)
		}
		terms = append(terms, t)
	}
	return terms, nil
}

// parseTerm parses one alternative; nil where a request has nothing of the kind.
func parseTerm(text string) *term {
	switch text {
	case "host":
		return &term{kind: termHost}
	case "ip":
		return &term{kind: termIP}
	case "method":
		return &term{kind: termMethod}
	case "path":
		return &term{kind: termPath}
	}
	if len(text) >= 2 && strings.HasPrefix(text, "'") && strings.HasSuffix(text, "'") {
		return &term{kind: termText, name: text[1 : len(text)-1]}
	}
	dot := strings.IndexByte(text, '.')
	if dot < 0 || dot == len(text)-1 {
		return nil
	}
	return parseNamed(text[:dot], text[dot+1:])
}

// parseNamed parses what has a name behind a dot, as cookie.uid; nil where a request has
// nothing of the kind.
func parseNamed(family, name string) *term {
	switch family {
	case "header":
		if value.IsToken(name) {
			return &term{kind: termHeader, name: textproto.CanonicalMIMEHeaderKey(name)}
		}
	case "cookie":
		if value.IsToken(name) {
			return &term{kind: termCookie, name: name, mark: cookieMark(name)}
		}
	case "query":
		return &term{kind: termQuery, name: name}
	case "path":
		n, err := strconv.Atoi(name)
		if err == nil && n > 0 {
			return &term{kind: termSegment, index: n - 1}
		}
	}
	return nil
}

// expand is the text of a template with what the request says. It is empty where the request
// lacks all alternatives of a placeholder.
//
// Yaegi: a function costs by its length. Most templates need only this short one.
func expand(t *Template, r *Reader) string {
	if t.alone != nil {
		return valueOf(t.alone, r)
	}
	return expandAll(t, r)
}

func expandAll(t *Template, r *Reader) string {
	text := ""
	for _, p := range t.parts {
		if len(p.terms) == 0 {
			text += p.text
			continue
		}
		value := firstOf(p.terms, r)
		if value == "" {
			return ""
		}
		if len(text)+len(value) > maxTextBytes {
			r.Unread = "a template makes more than 16 KB of it"
			return ""
		}
		text += value
	}
	return text
}

// firstOf is the first of the alternatives that the request has; empty where it has none.
func firstOf(terms []*term, r *Reader) string {
	for _, t := range terms {
		value := valueOf(t, r)
		if value != "" {
			return value
		}
	}
	return ""
}

// A Reader reads a request for flags and templates, each part of it once. The headers that
// the plugin manages have the values that the plugin gives them, whatever the client sent.
type Reader struct {
	Request  *http.Request
	Managed  map[string]string // values of managed headers by canonical names; empty for those that are removed
	Unread   string            // says what was asked for and can't be read; empty while there is nothing
	cookies  string            // all of them, once one was asked for
	odd      *oddCookies       // in the place of cookies, where they are odd
	query    url.Values        // once a parameter was asked for
	oddQuery *oddQuery         // beside query, where it is odd
}

// valueOf is what the request says for a term; empty where it says nothing.
//
// Yaegi: a function costs by its length. Most terms need only this short one.
func valueOf(t *term, r *Reader) string {
	if t.kind == termHeader {
		return headerOf(t.name, r)
	}
	if t.kind == termCookie {
		return cookieOf(t, r)
	}
	return otherValueOf(t, r)
}

// otherValueOf is valueOf for what stands neither in a header nor in a cookie.
func otherValueOf(t *term, r *Reader) string {
	switch t.kind {
	case termText:
		return t.name
	case termHost:
		return hostOf(r.Request)
	case termIP:
		return clientIPOf(t.strategy, r)
	case termMethod:
		return r.Request.Method
	case termPath:
		return r.Request.URL.Path
	case termSegment:
		return segmentOf(t.index, r)
	case termQuery:
		return queryOf(t.name, r)
	}
	return ""
}

// headerOf is the value of a header's first line, without the white space around it. HTTP/2
// lets that through, but it is gone when the header reaches a service.
func headerOf(name string, r *Reader) string {
	value, managed := r.Managed[name]
	if managed {
		return value
	}
	values := r.Request.Header[name]
	if len(values) == 0 {
		return ""
	}
	if len(values[0]) > maxTextBytes {
		return values[0] // whoever asks finds it too long
	}
	return strings.Trim(values[0], " \t")
}
