package rules

import (
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
)

// A Redirect is where a closed gate sends clients. Where the gate guards that page too,
// they would come back to it, and be sent there again.
type Redirect struct {
	Key  string // of the gate, as gates[0]
	Text string // as the configuration has it
	Host string // in lower case, without the usual port; empty for the host that the client asked
	Path string // without dots

	Middleware string       // whose gate it is, where that is known
	Noted      *atomic.Bool // the log says that it leads back; nil where nobody notes it
}

// newRedirect is nil where the text is no URL.
func newRedirect(key, text string) *Redirect {
	target, err := url.Parse(text)
	if err != nil {
		return nil
	}
	whole := (&url.URL{Path: "/"}).ResolveReference(target)
	path := whole.Path
	if path == "" {
		path = "/"
	}
	return &Redirect{Key: key, Text: text, Host: plainHost(target.Host), Path: path}
}

// LoopText says that a gate guards the page that its redirect leads to, and what to do.
func LoopText(to *Redirect) string {
	return to.Key + ".redirect: " + strconv.Quote(to.Text) + ": this gate guards that page too, so clients would be redirected again and again, and get 503 there instead; " +
		"let the page pass with bypass.pathPrefixes: [" + to.Path + "], or serve it with a router that doesn't have this middleware"
}

// LeadsBack tells whether a request is for the page that a redirect leads to.
func LeadsBack(to *Redirect, r *http.Request) bool {
	if to.Host != "" && to.Host != plainHost(r.Host) {
		return false
	}
	return to.Path == askedPath(r)
}

// askedPath is the path that the client asked for. Traefik's middlewares that shorten or
// replace it say what it was.
func askedPath(r *http.Request) string {
	replaced := r.Header.Get("X-Replaced-Path")
	if replaced != "" {
		return replaced
	}
	return strings.Join(r.Header["X-Forwarded-Prefix"], "") + r.URL.Path
}

// plainHost is a host in lower case, without a port that is a scheme's own.
func plainHost(host string) string {
	name, port, err := net.SplitHostPort(host)
	if err == nil && (port == "80" || port == "443") {
		host = name
	}
	return strings.ToLower(host)
}
