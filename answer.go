package zookeeper

import (
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
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

// refusing is the handler that gives the answer to every request.
func refusing(answer *refusal) http.HandlerFunc {
	if answer.json == nil && answer.forged == "" && len(answer.headers) == 0 && answer.body.contentType != nil {
		text, isError := errorText(answer.body)
		if isError && isInterpreted() {
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

// gRPC has statuses of its own. They come in a response whose HTTP status is 200.

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
