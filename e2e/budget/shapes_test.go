package budget

import (
	"bufio"
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// typical is a short request as a plugin in Traefik gets it.
func typical() *http.Request {
	r := &http.Request{Method: http.MethodGet, Host: "www.example.com", RemoteAddr: "192.0.2.7:40212", Header: http.Header{},
		URL: &url.URL{Path: "/checkout/basket", RawQuery: "page=2&q=1"}}
	for _, line := range strings.Split("Accept: text/html, */*;q=0.8|Accept-Encoding: gzip, br|User-Agent: Mozilla/5.0|Cookie: uid=6d1b; theme=dark|X-Real-Ip: 192.0.2.7|X-A: a", "|") {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	return r
}

// others are requests like the typical one, each of another client, so that what was decided about
// one isn't kept for the next.
func others() []*http.Request {
	var all []*http.Request
	for i := range 50 {
		r := typical()
		r.Host = fmt.Sprintf("www%02d.example.com", i)
		r.URL = &url.URL{Path: fmt.Sprintf("/checkout/basket%02d", i), RawQuery: fmt.Sprintf("page=2&q=%02d", i)}
		for name, line := range map[string]string{"Cookie": "uid=6d%02d; theme=dark", "X-Real-Ip": "192.0.2.1%02d", "X-A": "a%02d"} {
			r.Header.Set(name, fmt.Sprintf(line, i))
		}
		all = append(all, r)
	}
	return all
}

// A shape is a typical request with one part that is longer than it should be.
type shape struct {
	name string
	of   func(length int) *http.Request
}

var shapes = slices.Concat(
	headers("Accept", "a,", "application/json;q=0.1,", ";q=1", " ,", "application/jsonx,", "A"),
	headers("Cookie", "a;", "a; ", " ; ", "uid=x; ", "uid =x; ", "\tuid=x;", "uid=%d; ", "pass=x; ", "pass=%d; ", "pass =%d; ", "xpass=x;", ";pass", "uid=", "a%d=b; ", `uid="a"; `, "= "),
	headers("X-A", "a", " ", "/", "..", "%2f"),
	headers("X-Pass", "a"),
	headers("X-Real-Ip", "1", "1.", ":", "192.0.2.1, "),
	headers("X-Forwarded-For", "192.0.2.1, ", ",", " ,", "1", "10.0.0.1,", "[::1]:1,"),
	headers("Content-Type", "application/grpc", "a"),
	queries("a&", "q&", "q=1&", "a%d=b&", "%%41=&", "a=%%&", "q=%%&", "a;", "a%d;", "q=", "q=%%41", "+", "=", "%%"),
	paths("/a", "/", "/.", "/..", "/;", "/a;b", "/a/.;", ".", "a", "/.a", "\\", "/a%%2f"),
	hosts("a.", "a", ":", "[", "A"),
	[]shape{{"the method", func(length int) *http.Request {
		r := typical()
		r.Method = filled("A", length)
		return r
	}}},
	[]shape{{"as many headers", func(length int) *http.Request {
		r := typical()
		for i := range length / 45 {
			r.Header[fmt.Sprintf("X-Many-%d", i)] = []string{"x"}
		}
		return r
	}}},
)

// A sample is a request of some shape and length.
type sample struct {
	name    string
	request *http.Request
	length  int
	reading time.Duration // what it takes net/http to read it
}

func samples() []sample {
	var all []sample
	for _, s := range shapes {
		for _, length := range lengths {
			r := s.of(length)
			all = append(all, sample{fmt.Sprintf("%s of %d bytes", s.name, length), r, length, timeToRead(r)})
		}
	}
	return all
}

// copied is a request that a handler may change.
func copied(r *http.Request) *http.Request {
	another := *r
	another.Header = maps.Clone(r.Header)
	return &another
}

// timeToRead is what it takes net/http to read a request.
func timeToRead(r *http.Request) time.Duration {
	var text bytes.Buffer
	fmt.Fprintf(&text, "%s %s HTTP/1.1\r\nHost: %s\r\n", r.Method, r.URL.RequestURI(), r.Host)
	r.Header.Write(&text)
	text.WriteString("\r\n")
	best := time.Hour
	for range 3 {
		started := time.Now()
		http.ReadRequest(bufio.NewReader(bytes.NewReader(text.Bytes())))
		best = min(best, time.Since(started))
	}
	return best
}

// headers are a header that is one long line, and as many lines, of copies of a text.
func headers(name string, texts ...string) []shape {
	var all []shape
	for _, text := range texts {
		all = append(all, shape{fmt.Sprintf("%s: %q", name, text), func(length int) *http.Request {
			r := typical()
			r.Header[name] = []string{filled(text, length)}
			return r
		}})
	}
	return append(all, shape{name + " in many lines", func(length int) *http.Request {
		r := typical()
		line := strings.TrimRight(texts[0], ",; ")
		for range length / len(name+": "+line+"\r\n") {
			r.Header[name] = append(r.Header[name], line)
		}
		return r
	}})
}

func queries(texts ...string) []shape {
	var all []shape
	for _, text := range texts {
		all = append(all, shape{fmt.Sprintf("the query %q", text), func(length int) *http.Request {
			r := typical()
			r.URL.RawQuery = filled(text, length)
			return r
		}})
	}
	return all
}

func paths(texts ...string) []shape {
	var all []shape
	for _, text := range texts {
		all = append(all, shape{fmt.Sprintf("the path %q", text), func(length int) *http.Request {
			r := typical()
			r.URL.RawPath = "/" + strings.TrimPrefix(filled(text, length), "/")
			r.URL.Path, _ = url.PathUnescape(r.URL.RawPath)
			if r.URL.EscapedPath() == (&url.URL{Path: r.URL.Path}).EscapedPath() {
				r.URL.RawPath = ""
			}
			return r
		}})
	}
	return all
}

func hosts(texts ...string) []shape {
	var all []shape
	for _, text := range texts {
		all = append(all, shape{fmt.Sprintf("the host %q", text), func(length int) *http.Request {
			r := typical()
			r.Host = filled(text, length)
			return r
		}})
	}
	return all
}

// filled is a text of about that length, of copies of another one, with a number in
// each where that has a verb for it.
func filled(with string, length int) string {
	var text strings.Builder
	for i := 0; text.Len() < length; i++ {
		if strings.Contains(with, "%") {
			fmt.Fprintf(&text, with, []any{i}[:strings.Count(with, "%d")]...)
		} else {
			text.WriteString(with)
		}
	}
	return text.String()
}
