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
	Method  bool     // it counts, too
	Host    bool
	Path    bool
}

// CookieHeader is the header that cookies are taken from. All of its lines count; of others,
// the first one does.
const CookieHeader = "Cookie"

// RawOf is what attributes are taken from. The second result is false where some are taken
// from more than a few raw texts. Headers that the plugin manages are the same for all.
func RawOf(attributes []*Attribute, managed map[string]string) (*Raw, bool) {
	raw := &Raw{}
	for _, a := range attributes {
		if !raw.addParts(a.template.parts, managed) {
			return nil, false
		}
	}
	return raw, true
}

// addParts adds what the parts of a template are taken from. It returns false where that is
// too much.
func (raw *Raw) addParts(parts []*part, managed map[string]string) bool {
	for _, p := range parts {
		for _, t := range p.terms {
			if !raw.add(t, managed) {
				return false
			}
		}
	}
	return true
}

// OnlyHeaderOfPath is the name of the header that a path is taken from, by its first line;
// empty where it is taken from more, or from cookies.
func OnlyHeaderOfPath(t *PathTemplate, managed map[string]string) string {
	raw := &Raw{}
	if !raw.addParts(t.parts, managed) || raw.HasCookies() {
		return ""
	}
	return raw.OnlyHeader()
}

// Join is what two are taken from.
func (raw *Raw) Join(other *Raw) *Raw {
	both := &Raw{Method: raw.Method || other.Method, Host: raw.Host || other.Host, Path: raw.Path || other.Path}
	for _, name := range append(append([]string{}, raw.Headers...), other.Headers...) {
		both.addHeader(name)
	}
	return both
}

func (raw *Raw) add(t *term, managed map[string]string) bool {
	switch t.kind {
	case termText:
	case termHost:
		raw.Host = true
	case termMethod:
		raw.Method = true
	case termPath:
		raw.Path = true
	case termCookie:
		raw.addHeader(CookieHeader)
	case termHeader:
		_, isManaged := managed[t.name]
		if !isManaged {
			raw.addHeader(t.name)
		}
	default:
		return false
	}
	return true
}

func (raw *Raw) addHeader(name string) {
	if raw.has(name) {
		return
	}
	raw.Marks = append(raw.Marks, KeySeparator+strconv.Itoa(len(raw.Headers))+KeySeparator)
	raw.Headers = append(raw.Headers, name)
}

func (raw *Raw) has(name string) bool {
	for _, known := range raw.Headers {
		if known == name {
			return true
		}
	}
	return false
}

// HasCookies tells whether cookies count.
func (raw *Raw) HasCookies() bool { return raw.has(CookieHeader) }

// OnlyHeader is the name of the header that everything is taken from; empty where there is
// more, or nothing.
func (raw *Raw) OnlyHeader() string {
	if len(raw.Headers) != 1 || raw.Method || raw.Host || raw.Path {
		return ""
	}
	return raw.Headers[0]
}

// LongestRaw is how many bytes each of the raw texts may have, but for a header that is the only
// one. Longer ones aren't copied into a key.
const LongestRaw = 1 << 10

// KeyFrom is the same for requests with the same raw texts, and for no others. The second
// result is false for a request with several lines of cookies, or with a long text.
//
// Yaegi: it is a function, since a method costs as much as four.
func KeyFrom(raw *Raw, r *http.Request) (string, bool) {
	key, isAlone := "", raw.OnlyHeader() != ""
	for i, name := range raw.Headers {
		lines := r.Header[name]
		if len(lines) > 1 && name == CookieHeader {
			return "", false
		}
		if len(lines) > 0 && isAlone {
			return lines[0], true
		}
		if len(lines) > 0 && len(lines[0]) > LongestRaw {
			return "", false
		}
		if len(lines) > 0 {
			key = key + raw.Marks[i] + lines[0]
		}
	}
	return withPlace(key, raw, r)
}

// withPlace is a key with what the request is for, as far as that counts.
func withPlace(key string, raw *Raw, r *http.Request) (string, bool) {
	if raw.Method && len(r.Method) > LongestRaw || raw.Host && len(r.Host) > LongestRaw || raw.Path && len(r.URL.Path) > LongestRaw {
		return "", false
	}
	if raw.Method {
		key = key + KeySeparator + r.Method
	}
	if raw.Host {
		key = key + KeySeparator + r.Host
	}
	if raw.Path { // the last one, since it alone may have any byte in it
		key = key + KeySeparator + r.URL.Path
	}
	return key, true
}

// KeySeparator is in no line of a header, no method and no host that a server lets through.
const KeySeparator = "\x00"
