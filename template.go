package zookeeper

import (
	"errors"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
)

// A template is text with placeholders for what a request says, as in
// {cookie.uid|header.X-User|'nobody'}. It is parsed once.
type template struct {
	parts []*part
	alone *term // where it is of one term; nil otherwise
}

// A part is either text, or the alternatives of a placeholder, of which the
// first that a request has counts.
type part struct {
	text  string
	terms []*term
}

// A term is one thing that a request says.
type term struct {
	kind  termKind
	name  string // of a header, a cookie or a query parameter; or the text itself
	mark  string // that a cookie is found by
	index int    // of a path's segment, from 0
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

func parseTemplate(text string) (*template, error) {
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

func newTemplate(parts []*part) *template {
	t := &template{parts: parts}
	if len(parts) == 1 && len(parts[0].terms) == 1 {
		t.alone = parts[0].terms[0]
	}
	return t
}

// header is the only header that it stands for, empty where it is anything else.
func (t *template) header() string {
	if t.alone == nil || t.alone.kind != termHeader {
		return ""
	}
	return t.alone.name
}

// headersReadBy names the headers that a template reads; none for nil.
func headersReadBy(t *template) []string {
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

func parseAlternatives(text string) ([]*term, error) {
	var terms []*term
	for _, alternative := range strings.Split(text, "|") {
		t := parseTerm(strings.TrimSpace(alternative))
		if t == nil {
			return nil, errors.New("has the unknown placeholder " + quoted(alternative) + "; it may be " + placeholders)
		}
		terms = append(terms, t)
	}
	return terms, nil
}

// parseTerm reads what stands between braces; it returns nil where that is nothing
// a request has.
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

func parseNamed(family, name string) *term {
	switch family {
	case "header":
		if isToken(name) {
			return &term{kind: termHeader, name: textproto.CanonicalMIMEHeaderKey(name)}
		}
	case "cookie":
		if isToken(name) {
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

// expand fills in what the request says; it is empty where that lacks all
// alternatives of a placeholder.
//
// Yaegi: a function costs by its length; most templates need the short one.
func expand(t *template, v *visitor) string {
	if t.alone != nil {
		return said(t.alone, v)
	}
	return expandAll(t, v)
}

func expandAll(t *template, v *visitor) string {
	text := ""
	for _, p := range t.parts {
		if len(p.terms) == 0 {
			text += p.text
			continue
		}
		value := firstOf(p.terms, v)
		if value == "" {
			return ""
		}
		if len(text)+len(value) > maxTextBytes {
			v.unread = "a template makes more than 16 KB of it"
			return ""
		}
		text += value
	}
	return text
}

func firstOf(terms []*term, v *visitor) string {
	for _, t := range terms {
		value := said(t, v)
		if value != "" {
			return value
		}
	}
	return ""
}

// A visitor is a request as flags and templates see it: managed headers have the
// values that the plugin gives them, whatever the client sent.
type visitor struct {
	request  *http.Request
	managed  map[string]string // by canonical name; empty for those that are removed
	cookies  string            // all of them, once one is wanted
	odd      *oddCookies       // the same, where they are odd
	query    url.Values        // once a parameter is wanted
	oddQuery *oddQuery         // where it is odd
	unread   string            // what was wanted and couldn't be read; empty for nothing
}

// said is what the request has for a term, or nothing.
//
// Yaegi: a function costs by its length; most terms need a short one.
func said(t *term, v *visitor) string {
	if t.kind == termHeader {
		return headerOf(t.name, v)
	}
	if t.kind == termCookie {
		return cookieOf(t, v)
	}
	return saidElsewhere(t, v)
}

func saidElsewhere(t *term, v *visitor) string {
	switch t.kind {
	case termText:
		return t.name
	case termHost:
		return hostOf(v.request)
	case termIP:
		return clientIP(v.request)
	case termMethod:
		return v.request.Method
	case termPath:
		return v.request.URL.Path
	case termSegment:
		return segmentOf(t.index, v)
	case termQuery:
		return queryOf(t.name, v)
	}
	return ""
}

// headerOf is a header's value without the white space around it, which HTTP/2 lets
// through, and which is gone when it reaches a service.
func headerOf(name string, v *visitor) string {
	value, managed := v.managed[name]
	if managed {
		return value
	}
	values := v.request.Header[name]
	if len(values) == 0 {
		return ""
	}
	if len(values[0]) > maxTextBytes {
		return values[0] // too long for whatever wants it
	}
	return strings.Trim(values[0], " \t")
}
