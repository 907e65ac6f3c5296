package check

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// A described is a request that options describe.
type described struct {
	request    *http.Request
	target, ip string
}

// describeRequest adds the options that describe a request. It is there once the options are
// parsed and finish was called.
func describeRequest(flags *flag.FlagSet) *described {
	r := &http.Request{Header: http.Header{}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Body: http.NoBody}
	d := &described{request: r}
	flags.StringVar(&r.Method, "method", http.MethodGet, "the request's method")
	flags.StringVar(&r.Host, "host", "example.com", "the request's host")
	flags.StringVar(&d.target, "path", "/", "the request's path, and query behind a ?")
	flags.StringVar(&d.ip, "ip", "192.0.2.1", "the client's address; where ipStrategy has a header, set that one with -header")
	flags.Func("header", "a header of the request, as `Name: value`; may be given several times", func(text string) error {
		name, value, found := strings.Cut(text, ":")
		if !found || strings.TrimSpace(name) == "" {
			return errors.New("write a header as Name: value")
		}
		r.Header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
		return nil
	})
	flags.Func("cookie", "a cookie of the request, as `name=value`; may be given several times", func(text string) error {
		name, value, found := strings.Cut(text, "=")
		if !found || name == "" {
			return errors.New("write a cookie as name=value")
		}
		r.AddCookie(&http.Cookie{Name: name, Value: value})
		return nil
	})
	return d
}

func (d *described) finish() error {
	target, err := url.ParseRequestURI(d.target)
	if err != nil || !strings.HasPrefix(d.target, "/") {
		return fmt.Errorf("-path: %q: write a path that begins with a slash", d.target)
	}
	if _, err := netip.ParseAddr(d.ip); err != nil {
		return fmt.Errorf("-ip: %q: write an address, as in 192.0.2.1 or 2001:db8::1", d.ip)
	}
	d.request.URL = target
	d.request.RequestURI = d.target
	d.request.Header.Set("X-Real-Ip", d.ip)
	if d.request.Header.Get("X-Forwarded-For") == "" {
		d.request.Header.Set("X-Forwarded-For", d.ip+strings.Repeat(", "+d.ip, 15)) // at each depth of ipStrategy
	}
	d.request.RemoteAddr = net.JoinHostPort(d.ip, "1")
	return nil
}
