package request

import "net/http"

// What flags look at is taken from raw texts of a request, as its lines of cookies. Requests
// with the same raw texts are the same to flags.

// Raw says which raw texts of a request attributes are taken from.
type Raw struct {
	headers []string // canonical names, each once
	host    bool
	method  bool
	path    bool
}

// RawOf is what attributes are taken from. The second result is false where some are taken
// from more than a few raw texts. Headers that the plugin manages are the same for all.
func RawOf(attributes []*Attribute, managed map[string]string) (*Raw, bool) {
	raw := &Raw{}
	for _, a := range attributes {
		for _, p := range a.template.parts {
			for _, t := range p.terms {
				if !raw.add(t, managed) {
					return nil, false
				}
			}
		}
	}
	return raw, true
}

// Join is what two are taken from.
func (raw *Raw) Join(other *Raw) *Raw {
	both := &Raw{host: raw.host || other.host, method: raw.method || other.method, path: raw.path || other.path}
	for _, name := range append(append([]string{}, raw.headers...), other.headers...) {
		both.addHeader(name)
	}
	return both
}

func (raw *Raw) add(t *term, managed map[string]string) bool {
	switch t.kind {
	case termText:
	case termHost:
		raw.host = true
	case termMethod:
		raw.method = true
	case termPath:
		raw.path = true
	case termCookie:
		raw.addHeader("Cookie")
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
	for _, known := range raw.headers {
		if known == name {
			return
		}
	}
	raw.headers = append(raw.headers, name)
}

// OnlyHeader is the name of the header that everything is taken from; empty where there is
// more, or nothing.
func (raw *Raw) OnlyHeader() string {
	if len(raw.headers) != 1 || raw.host || raw.method || raw.path {
		return ""
	}
	return raw.headers[0]
}

// KeyFrom is the same for requests with the same raw texts, and for no others. The second
// result is false for a request with several lines of a header, or a long text.
//
// Yaegi: it is a function, since a method costs as much as four.
func KeyFrom(raw *Raw, r *http.Request) (string, bool) {
	key := ""
	for _, name := range raw.headers {
		lines := r.Header[name]
		if len(lines) > 1 || len(lines) == 1 && len(lines[0]) > maxRawBytes {
			return "", false
		}
		if len(lines) == 1 {
			key += lines[0]
		}
		key += keySeparator
	}
	if len(r.Method) > maxRawBytes || len(r.Host) > maxRawBytes || len(r.URL.Path) > maxRawBytes {
		return "", false
	}
	if raw.method {
		key += r.Method + keySeparator
	}
	if raw.host {
		key += r.Host + keySeparator
	}
	if raw.path {
		key += r.URL.Path // the last one, since it alone may have any byte in it
	}
	return key, true
}

// maxRawBytes is how long each of the raw texts may be.
const maxRawBytes = 1 << 10

// keySeparator is in no line of a header, no method and no host that a server lets through.
const keySeparator = "\x00"
