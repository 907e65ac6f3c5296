package request

import (
	"net/http"
	"strconv"
)

// What flags look at is taken from raw texts of a request, as its lines of cookies. Requests
// with the same raw texts are the same to flags.

// Raw says which raw texts of a request attributes are taken from. Its fields are only read,
// but by RawOf and Join.
type Raw struct {
	Headers []string // canonical names, each once
	Marks   []string // for each of them, what stands in a key in front of its line
	Whole   []bool   // for each of them, whether all of its lines count, and not only the first one
	Method  bool     // it counts, too
	Host    bool
	Query   bool
	Path    bool
	RawPath bool // as the client encoded it; only with Path

	// Remote has the address at the other end of the connection count, unless the request has
	// this header.
	Remote       bool
	UnlessHeader string // empty where it always counts
}

// RawOf is what attributes are taken from. Headers that the plugin manages are the same for
// all.
func RawOf(attributes []*Attribute, managed map[string]string) *Raw {
	raw := &Raw{}
	for _, a := range attributes {
		raw.addParts(a.template.parts, managed)
	}
	return raw
}

// addParts adds what the parts of a template are taken from.
func (raw *Raw) addParts(parts []*part, managed map[string]string) {
	for _, p := range parts {
		for _, t := range p.terms {
			raw.add(t, managed)
		}
	}
}

// OnlyHeaderOfPath is the name of the header that a path is taken from, by its first line;
// empty where it is taken from more, or from all lines.
func OnlyHeaderOfPath(t *PathTemplate, managed map[string]string) string {
	raw := &Raw{}
	raw.addParts(t.parts, managed)
	if raw.OnlyHeader() == "" || raw.Whole[0] {
		return ""
	}
	return raw.OnlyHeader()
}

// Join is what two are taken from.
func (raw *Raw) Join(other *Raw) *Raw {
	both := &Raw{}
	for _, each := range []*Raw{raw, other} {
		for i, name := range each.Headers {
			both.addHeader(name, each.Whole[i])
		}
		both.Method = both.Method || each.Method
		both.Host = both.Host || each.Host
		both.Query = both.Query || each.Query
		both.Path = both.Path || each.Path
		both.RawPath = both.RawPath || each.RawPath
		if each.Remote {
			both.addRemote(each.UnlessHeader)
		}
	}
	return both
}

func (raw *Raw) add(t *term, managed map[string]string) {
	switch t.kind {
	case termHost:
		raw.Host = true
	case termMethod:
		raw.Method = true
	case termQuery:
		raw.Query = true
	case termPath:
		raw.Path = true
	case termSegment:
		raw.Path = true
		raw.RawPath = true
	case termIP:
		raw.addAddress(t.strategy)
	case termCookie:
		raw.addHeader("Cookie", true)
	case termHeader:
		_, isManaged := managed[t.name]
		if !isManaged {
			raw.addHeader(t.name, false)
		}
	}
}

// addAddress adds what ClientAddress looks at.
func (raw *Raw) addAddress(s *IPStrategy) {
	switch {
	case s == nil:
		raw.addHeader(realIP, true)
		raw.addHeader(forwardedFor, true)
		raw.addRemote(realIP)
	case s.Header != "":
		raw.addHeader(s.Header, true)
	case s.Depth > 0 || s.Excluded != nil:
		raw.addHeader(forwardedFor, true)
	default:
		raw.addRemote("")
	}
}

func (raw *Raw) addRemote(unless string) {
	if raw.Remote && raw.UnlessHeader != unless {
		unless = ""
	}
	raw.Remote = true
	raw.UnlessHeader = unless
}

func (raw *Raw) addHeader(name string, isWhole bool) {
	for i, known := range raw.Headers {
		if known == name {
			raw.Whole[i] = raw.Whole[i] || isWhole
			return
		}
	}
	raw.Marks = append(raw.Marks, "\x00"+strconv.Itoa(len(raw.Headers))+"\x00")
	raw.Headers = append(raw.Headers, name)
	raw.Whole = append(raw.Whole, isWhole)
}

// OnlyHeader is the name of the header that everything is taken from; empty where there is
// more, or nothing.
func (raw *Raw) OnlyHeader() string {
	if len(raw.Headers) != 1 || raw.HasPlace() || raw.Remote {
		return ""
	}
	return raw.Headers[0]
}

// HasPlace tells whether what a request is for counts.
func (raw *Raw) HasPlace() bool { return raw.Method || raw.Host || raw.Query || raw.Path }

// LongestRaw is how many bytes each of the raw texts may have, but for a header that is the only
// one. Longer ones aren't copied into a key.
const LongestRaw = 1 << 10

// KeyFrom is the same for requests with the same raw texts, and for no others. The second
// result is false for a request with several lines of a header all of whose lines count, or
// with a long text.
//
// Yaegi: it is a function, since a method costs as much as four.
func KeyFrom(raw *Raw, r *http.Request) (string, bool) {
	key, isAlone := "", raw.OnlyHeader() != ""
	for i, name := range raw.Headers {
		lines := r.Header[name]
		switch {
		case len(lines) > 1 && raw.Whole[i]:
			return "", false
		case len(lines) > 0 && isAlone:
			return lines[0], true
		case len(lines) > 0 && len(lines[0]) > LongestRaw:
			return "", false
		case len(lines) > 0:
			key = key + raw.Marks[i] + lines[0]
		}
	}
	if raw.Remote && (raw.UnlessHeader == "" || isEmpty(r.Header[raw.UnlessHeader])) {
		key = key + "\x00r\x00" + remoteHost(r)
	}
	return withPlace(key, raw, r)
}

func isEmpty(lines []string) bool { return len(lines) == 0 || lines[0] == "" }

// withPlace is a key with what the request is for, as far as that counts.
func withPlace(key string, raw *Raw, r *http.Request) (string, bool) {
	if isTooLong(raw, r) {
		return "", false
	}
	if raw.Method {
		key = key + PlaceSeparator + r.Method
	}
	if raw.Host {
		key = key + PlaceSeparator + r.Host
	}
	if raw.Query {
		key = key + PlaceSeparator + r.URL.RawQuery
	}
	if raw.RawPath {
		key = key + PlaceSeparator + r.URL.RawPath
	}
	if raw.Path { // the last one, since it alone may have any byte in it
		key = key + PlaceSeparator + r.URL.Path
	}
	return key, true
}

// isTooLong tells whether what the request is for is too long for a key, as far as that counts.
func isTooLong(raw *Raw, r *http.Request) bool {
	return raw.Method && len(r.Method) > LongestRaw ||
		raw.Host && len(r.Host) > LongestRaw ||
		raw.Query && len(r.URL.RawQuery) > LongestRaw ||
		raw.RawPath && len(r.URL.RawPath) > LongestRaw ||
		raw.Path && len(r.URL.Path) > LongestRaw
}

// PlaceSeparator is in front of each text of what the request is for. A zero byte is in no line
// of a header, no method, no host and no query that a server lets through. Only here are there
// two of them before the path. So a key can be read in one way only.
const PlaceSeparator = "\x00\x00"
