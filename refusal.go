package zookeeper

import (
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// refusal is the answer of a closed gate.
type refusal struct {
	status  int
	body    *page
	json    *page // for those who prefer it; nil where there is none
	headers map[string][]string
	forged  string // request header that would look like a decision of ours; empty for none
}

// A page is a body with what goes with it; none where it has no type.
type page struct {
	contentType   []string
	contentLength []string
	body          []byte
}

func newPage(contentType string, body []byte) *page {
	return &page{contentType: []string{contentType}, contentLength: []string{strconv.Itoa(len(body))}, body: body}
}

const (
	defaultContentType = "text/plain; charset=utf-8"
	jsonContentType    = "application/json"
)

// noStore keeps browsers and caches from serving the answer after the gate has opened,
// noSniff keeps browsers from taking it for what its type doesn't say.
var (
	noStore = []string{"no-store"}
	noSniff = []string{"nosniff"}
)

// unavailable is the answer of gates that can't be asked.
var unavailable = &refusal{status: http.StatusServiceUnavailable, body: newPage(defaultContentType, []byte("Service Unavailable\n"))}

// absent is the answer of a router that isn't there, as Traefik gives it.
var absent = &refusal{status: http.StatusNotFound, body: newPage(defaultContentType, []byte("404 page not found\n"))}

// unavailableTo is the answer to requests whose decision can't be told.
func unavailableTo(decisionHeader string) *refusal {
	answer := *unavailable
	answer.forged = textproto.CanonicalMIMEHeaderKey(decisionHeader)
	return &answer
}

func checkRefusal(key string, g Gate, f *faults) *refusal {
	r := &refusal{status: checkStatus(key, g, f), headers: map[string][]string{}}
	for _, name := range sortedKeys(g.Headers) {
		canonical := checkHeaderName(key+".headers."+name, name, f)
		value, err := headerText(g.Headers[name])
		if err != nil {
			f.add(key+".headers."+name, g.Headers[name], "it "+err.Error())
		}
		r.headers[canonical] = []string{value}
	}
	r.checkRetryAfter(key, g, f)
	r.checkRedirect(key, g, f)
	contentType := checkContentType(key, g, f)
	body := checkBody(key, g, r.status, f)
	if bodiless(r.status) {
		r.body = &page{}
		return r
	}
	r.body = newPage(contentType, body)
	if g.JSONBody != "" {
		r.json = newPage(jsonContentType, []byte(g.JSONBody))
	}
	return r
}

func checkStatus(key string, g Gate, f *faults) int {
	if g.Status == "" && g.Redirect != "" {
		return http.StatusFound
	}
	if g.Status == "" {
		return http.StatusForbidden
	}
	number, ok := statusNumber(g.Status)
	if !ok {
		f.add(key+".status", g.Status, "an HTTP status from 200 to 599")
		return http.StatusForbidden
	}
	return number
}

// statusNumber reads an HTTP status that can end a request.
func statusNumber(text string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 200 || n > 599 {
		return 0, false
	}
	return n, true
}

func (r *refusal) checkRetryAfter(key string, g Gate, f *faults) {
	if g.RetryAfter == "" {
		return
	}
	d, err := time.ParseDuration(strings.TrimSpace(g.RetryAfter))
	if err != nil || d < time.Second {
		f.add(key+".retryAfter", g.RetryAfter, "a duration of a second or more, as in 30s or 5m")
	}
	r.headers["Retry-After"] = []string{strconv.Itoa(int(d / time.Second))}
}

func (r *refusal) checkRedirect(key string, g Gate, f *faults) {
	if g.Redirect == "" {
		return
	}
	target, err := url.Parse(g.Redirect)
	_, unfit := headerText(g.Redirect)
	if err != nil || unfit != nil || target.Host == "" && !strings.HasPrefix(target.Path, "/") {
		f.add(key+".redirect", g.Redirect, "a URL, as in https://status.example.com/, or a path that begins with a slash")
	}
	switch r.status {
	case http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		f.add(key+".status", g.Status, "a redirect goes with 302, 303, 307 or 308")
	}
	r.headers["Location"] = []string{g.Redirect}
}

func checkContentType(key string, g Gate, f *faults) string {
	if g.ContentType == "" {
		return defaultContentType
	}
	text, err := headerText(g.ContentType)
	if err != nil || !strings.Contains(text, "/") {
		f.add(key+".contentType", g.ContentType, "a media type, as in text/html; charset=utf-8")
	}
	return text
}

// checkBody finds the body among the ways to give one. The page from ZooKeeper,
// if there is one, takes its place when it is loaded.
func checkBody(key string, g Gate, status int, f *faults) []byte {
	body := []byte(g.Body)
	if g.BodyFile != "" && g.Body != "" {
		f.add(key+".bodyFile", g.BodyFile, "either body or bodyFile")
	}
	if g.BodyFile != "" {
		f.foreign = true
		text, err := os.ReadFile(g.BodyFile)
		if err != nil {
			f.add(key+".bodyFile", g.BodyFile, "it can't be read: "+err.Error())
		}
		body = text
	}
	given := len(body) > 0 || g.JSONBody != "" || len(g.BodyPath) > 0
	if bodiless(status) && given {
		f.add(key+".body", string(body), "an answer with status "+strconv.Itoa(status)+" can't have a body")
	}
	words := http.StatusText(status)
	if len(body) == 0 && words != "" {
		body = []byte(words + "\n")
	}
	return body
}

func bodiless(status int) bool {
	return status == http.StatusNoContent || status == http.StatusResetContent || status == http.StatusNotModified
}

// with is the refusal with another body.
func (r *refusal) with(body []byte) *refusal {
	other := *r
	other.body = newPage(r.body.contentType[0], body)
	return &other
}

// refusing is the handler that gives the answer to every request.
func refusing(answer *refusal) http.HandlerFunc {
	if answer.json == nil && answer.forged == "" && len(answer.headers) == 0 && answer.body.contentType != nil {
		text, isError := errorText(answer.body)
		if isError && interpreted {
			return refusingAsError(answer, text)
		}
		return refusingBriefly(answer)
	}
	return func(w http.ResponseWriter, r *http.Request) { refuse(w, r, answer) }
}

// errorText is the text that makes http.Error give this page, where there is one.
// It leaves the length to the server, which adds it where the page is short.
func errorText(p *page) (string, bool) {
	text, isLine := strings.CutSuffix(string(p.body), "\n")
	return text, isLine && len(text) < 1<<10 && p.contentType[0] == defaultContentType
}

// refusingAsError is the shortest way in the interpreter: all but one header in one
// compiled call. Compiled, it would be the longer one.
func refusingAsError(answer *refusal, text string) http.HandlerFunc {
	status := answer.status
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			refuse(w, r, answer)
			return
		}
		w.Header()["Cache-Control"] = noStore
		http.Error(w, text, status)
	}
}

// refusingBriefly is the short way of an answer that is the same to every GET
// request. HEAD requests want no body, and gRPC's, which are POST requests, an
// answer of their own.
func refusingBriefly(answer *refusal) http.HandlerFunc {
	status, body := answer.status, answer.body.body
	contentType, contentLength := answer.body.contentType, answer.body.contentLength
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			refuse(w, r, answer)
			return
		}
		header := w.Header()
		header["Cache-Control"] = noStore
		header["X-Content-Type-Options"] = noSniff
		header["Content-Type"] = contentType
		header["Content-Length"] = contentLength
		w.WriteHeader(status)
		_, _ = w.Write(body)
	}
}

// refuse answers the request in place of the service.
func refuse(w http.ResponseWriter, r *http.Request, answer *refusal) {
	delete(r.Header, answer.forged)
	header := w.Header()
	header["Cache-Control"] = noStore
	header["X-Content-Type-Options"] = noSniff
	for name, value := range answer.headers {
		header[name] = value
	}
	if isGRPC(r) {
		refuseGRPC(w, answer.status)
		return
	}
	body := answer.body
	if answer.json != nil {
		header["Vary"] = append(header["Vary"], "Accept")
		if prefersJSON(r.Header["Accept"], body.contentType[0]) {
			body = answer.json
		}
	}
	if body.contentType != nil {
		header["Content-Type"] = body.contentType
		header["Content-Length"] = body.contentLength
	}
	w.WriteHeader(answer.status)
	if r.Method != http.MethodHead {
		w.Write(body.body)
	}
}

// gRPC has statuses of its own, which come in a response that is well.

func isGRPC(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc")
}

func refuseGRPC(w http.ResponseWriter, status int) {
	header := w.Header()
	header["Content-Type"] = []string{"application/grpc"}
	header["Grpc-Status"] = []string{grpcStatus(status)}
	header["Grpc-Message"] = []string{url.PathEscape(http.StatusText(status))}
	w.WriteHeader(http.StatusOK)
}

func grpcStatus(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "13" // INTERNAL
	case http.StatusUnauthorized:
		return "16" // UNAUTHENTICATED
	case http.StatusForbidden:
		return "7" // PERMISSION_DENIED
	case http.StatusNotFound:
		return "12" // UNIMPLEMENTED
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return "14" // UNAVAILABLE
	}
	return "2" // UNKNOWN
}
