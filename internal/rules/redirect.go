package rules

import (
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
)

// A Redirect is where a closed gate sends clients. Where the gate guards that page too,
// they would come back to it, and be sent there again.
type Redirect struct {
	Key         string // of the gate, as gates[0]
	Text        string // as the configuration has it
	Scheme      string // empty for the client's
	Host        string // in lower case, without the usual port; empty for the host that the client asked
	Path        string // without dots
	Query       string
	KeepsMethod bool // of the request; other redirects lead to GET

	Middleware string       // whose gate it is, where that is known
	Noted      *atomic.Bool // the log says that it leads back; nil where nobody notes it
}

// newRedirect is nil where the text is no URL.
func newRedirect(key, text string, status int) *Redirect {
	target, err := url.Parse(text)
	if err != nil {
		return nil
	}
	whole := (&url.URL{Path: "/"}).ResolveReference(target)
	path := whole.Path
	if path == "" {
		path = "/"
	}
	return &Redirect{
		Key: key, Text: text, Scheme: strings.ToLower(target.Scheme), Host: plainHost(target.Host), Path: path, Query: target.RawQuery,
		KeepsMethod: status == http.StatusTemporaryRedirect || status == http.StatusPermanentRedirect,
	}
}

// LoopText says that a gate guards the page that its redirect leads to, which a request is
// for, and what to do.
func LoopText(to *Redirect, r *http.Request) string {
	text := to.Key + ".redirect: " + strconv.Quote(to.Text) + ": this gate guards that page too, so clients would be redirected again and again, and get 503 there instead; "
	if r.URL.Path == "/" || r.URL.RawPath != "" || !request.IsPlainPath(r.URL.Path) {
		return text + "serve the page with a router that doesn't have this middleware, or redirect to another one"
	}
	return text + "let the page pass with bypass.pathPrefixes: [" + r.URL.Path + "], or serve it with a router that doesn't have this middleware"
}

// LeadsBack tells whether a request is the one that a client would send where a redirect leads.
func LeadsBack(to *Redirect, r *http.Request) bool {
	if !to.KeepsMethod && r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	if to.Host != "" && to.Host != plainHost(r.Host) || to.Scheme != "" && to.Scheme != schemeOf(r) {
		return false
	}
	return to.Path == askedPath(r) && to.Query == r.URL.RawQuery
}

// schemeOf is the scheme that the client used. Traefik says what it was.
func schemeOf(r *http.Request) string {
	told := r.Header.Get("X-Forwarded-Proto")
	if r.TLS != nil || told == "https" || told == "wss" {
		return "https"
	}
	return "http"
}

// askedPath is the path that the client asked for. Traefik's middlewares that shorten it say
// by what, and Traefik takes that header from no stranger.
func askedPath(r *http.Request) string {
	prefix := strings.Join(r.Header["X-Forwarded-Prefix"], "")
	if strings.HasSuffix(prefix, "/") && strings.HasPrefix(r.URL.Path, "/") {
		prefix = strings.TrimSuffix(prefix, "/")
	}
	return prefix + r.URL.Path
}

// plainHost is a host in lower case, without a port that is a scheme's own.
func plainHost(host string) string {
	name, port, err := net.SplitHostPort(host)
	if err == nil && (port == "80" || port == "443") {
		host = name
	}
	return strings.ToLower(host)
}
