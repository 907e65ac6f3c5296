package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

type options struct {
	files    []string
	plugin   string
	attached map[string]bool
	connect  bool
	timeout  time.Duration
	request  *http.Request
}

func parse(arguments []string, out io.Writer) (*options, error) {
	o := &options{attached: map[string]bool{}}
	r := &http.Request{Header: http.Header{}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Body: http.NoBody}
	target, ip := "/", "192.0.2.1"
	flags := flag.NewFlagSet("zkcheck", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.Usage = func() {
		fmt.Fprint(out, usage)
		flags.PrintDefaults()
		fmt.Fprint(out, codes)
	}
	flags.StringVar(&o.plugin, "plugin", "zookeeper", "`name` of the plugin in Traefik's static configuration")
	flags.Func("attached", "`name` of a middleware of the files that an entry point uses, or a router elsewhere; may be given several times", func(name string) error {
		o.attached[name] = true
		return nil
	})
	flags.BoolVar(&o.connect, "connect", false, "connect to the clusters, and show values and decisions")
	flags.DurationVar(&o.timeout, "timeout", 10*time.Second, "how long a session and the first values may take, with -connect")
	flags.StringVar(&r.Method, "method", http.MethodGet, "the request's method")
	flags.StringVar(&r.Host, "host", "example.com", "the request's host")
	flags.StringVar(&target, "path", target, "the request's path, and query behind a ?")
	flags.StringVar(&ip, "ip", ip, "the client's address; where ipStrategy has a header, set that one with -header")
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
	if err := flags.Parse(arguments); err != nil {
		return nil, err
	}
	var err error
	if r.URL, err = url.ParseRequestURI(target); err != nil || !strings.HasPrefix(target, "/") {
		return nil, fmt.Errorf("-path: %q: a path begins with a slash", target)
	}
	r.RequestURI = target
	r.Header.Set("X-Real-Ip", ip)
	if r.Header.Get("X-Forwarded-For") == "" {
		r.Header.Set("X-Forwarded-For", ip+strings.Repeat(", "+ip, 15)) // at each depth of ipStrategy
	}
	r.RemoteAddr = net.JoinHostPort(ip, "1")
	o.request, o.files = r, flags.Args()
	if len(o.files) == 0 {
		return nil, errors.New("name a file or a folder with dynamic configuration; -help tells more")
	}
	return o, nil
}
