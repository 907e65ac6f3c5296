// Package answer writes the answers to requests: those of closed gates, and the headers that
// the rules have of services' answers.
package answer

import (
	"net/http"
	"net/textproto"
	"net/url"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// noStore keeps browsers and caches from serving the answer after the gate has opened.
// noSniff keeps browsers from taking the body for another type than the one that it has.
var (
	noStore = []string{"no-store"}
	noSniff = []string{"nosniff"}
)

// refusalMark is the header by which a middleware in front knows a refusal. It has no line, so
// that no client gets it.
const refusalMark = "Zookeeper-Refusal"

var noLine = []string{} // and not nil, which an answer has that isn't marked

// unevaluated is the answer of gates whose flags can't be read at all.
var unevaluated = &rules.Refusal{Status: http.StatusServiceUnavailable, Body: rules.NewPage(rules.DefaultContentType, []byte("Service Unavailable\n"))}

// AbsentRouter is the answer of a router that isn't there, as Traefik gives it.
var AbsentRouter = &rules.Refusal{Status: http.StatusNotFound, Body: rules.NewPage(rules.DefaultContentType, []byte("404 page not found\n"))}

// Unavailable is a handler that answers 503 to every request, for a middleware with gates
// whose configuration can't be used. It takes the decision header from the requests, and what
// is withheld, which is nil for nothing. The header's name may have any spelling, and is empty
// where there is no such header.
func Unavailable(decisionHeader string, withheld *rules.Withheld) http.HandlerFunc {
	return RefusalHandler(UnavailableFor(decisionHeader, withheld))
}

// UnavailableFor is unevaluated for requests that may have a forged decision.
func UnavailableFor(decisionHeader string, withheld *rules.Withheld) *rules.Refusal {
	answer := *unevaluated
	answer.Withheld = withheld
	answer.DecisionHeader = textproto.CanonicalMIMEHeaderKey(decisionHeader)
	return &answer
}

// RefusalHandler gives the answer to every request.
func RefusalHandler(answer *rules.Refusal) http.HandlerFunc {
	if answer.JSON == nil && answer.DecisionHeader == "" && answer.Withheld == nil && len(answer.Headers) == 0 && answer.Body.ContentType != nil {
		text, isError := errorText(answer.Body)
		if isError && guard.IsInterpreted() {
			return refusalAsError(answer, text)
		}
		return fixedRefusal(answer)
	}
	return func(w http.ResponseWriter, r *http.Request) { Refuse(w, r, answer) }
}

// errorText is the text with which http.Error gives this page, and whether there is one.
// http.Error leaves the length to the server, which adds it only where the page is short.
func errorText(p *rules.Page) (string, bool) {
	text, isLine := strings.CutSuffix(string(p.Body), "\n")
	return text, isLine && len(text) < 1<<10 && p.ContentType[0] == rules.DefaultContentType
}

// refusalAsError gives the answer with http.Error.
//
// Yaegi: this is the fastest way, as all but one header are set in one compiled call.
// In the compiled program it is slower than the others.
func refusalAsError(answer *rules.Refusal, text string) http.HandlerFunc {
	status := answer.Status
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.Response != nil {
			Refuse(w, r, answer)
			return
		}
		w.Header()["Cache-Control"] = noStore
		http.Error(w, text, status)
	}
}

// fixedRefusal gives an answer that is the same to every GET request. HEAD requests want
// no body, and those of gRPC, which are POST requests, want an answer of their own.
func fixedRefusal(answer *rules.Refusal) http.HandlerFunc {
	status, body := answer.Status, answer.Body.Body
	contentType, contentLength := answer.Body.ContentType, answer.Body.ContentLength
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.Response != nil {
			Refuse(w, r, answer)
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

// Refuse answers a request in place of the service, whatever its method and its type.
func Refuse(w http.ResponseWriter, r *http.Request, answer *rules.Refusal) {
	if answer.Withheld != nil {
		withhold(r, answer.Withheld)
	}
	if answer.Redirect != nil {
		answer = unlessLooping(answer, r)
	}
	if answer.DecisionHeader != "" {
		request.NoteDecisions(r, answer.DecisionHeader, answer.Decisions)
	}
	header := w.Header()
	if request.TellsRefusals(r) {
		header[refusalMark] = noLine
	}
	header["Cache-Control"] = noStore
	header["X-Content-Type-Options"] = noSniff
	for name, value := range answer.Headers {
		header[name] = value
	}
	if r.Method == http.MethodPost && isGRPC(r) {
		refuseGRPC(w, r, answer.Status)
		return
	}
	body := answer.Body
	if answer.JSON != nil {
		header["Vary"] = append(header["Vary"], "Accept")
		if request.PrefersJSON(r.Header["Accept"], body.ContentType[0]) {
			body = answer.JSON
		}
	}
	if body.ContentType != nil {
		header["Content-Type"] = body.ContentType
		header["Content-Length"] = body.ContentLength
	}
	w.WriteHeader(answer.Status)
	if r.Method != http.MethodHead {
		w.Write(body.Body)
	}
}

// isGRPC tells whether a POST request speaks gRPC, which is always HTTP/2, or gRPC-Web.
func isGRPC(r *http.Request) bool {
	kind := contentTypeOf(r)
	return kind == "application/grpc" && r.ProtoMajor >= 2 || kind == "application/grpc-web" || kind == "application/grpc-web-text"
}

// contentTypeOf is the media type of a request's body without the encoding of messages,
// which stands behind a plus sign, and without parameters.
func contentTypeOf(r *http.Request) string {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	kind, _, _ = strings.Cut(kind, "+")
	return strings.ToLower(strings.TrimSpace(kind))
}

// withhold takes what no service may get out of a request.
func withhold(r *http.Request, what *rules.Withheld) {
	for _, name := range what.Headers {
		delete(r.Header, name)
	}
	for _, name := range what.Cookies {
		request.RemoveCookie(r, name)
	}
}

// longestContentType is how many bytes of a client's media type an answer repeats at most.
const longestContentType = 64

// contentTypeForGRPC is the media type of an answer: for gRPC-Web that of the request.
func contentTypeForGRPC(r *http.Request) string {
	kind, sent := contentTypeOf(r), r.Header.Get("Content-Type")
	if kind != "application/grpc" && len(sent) <= longestContentType {
		return sent
	}
	return kind
}

// refuseGRPC answers with a status of gRPC's, which comes in a response whose HTTP status
// is 200. So it must not be kept, whatever the gate's headers say. Browsers show pages only
// those headers of gRPC-Web that they are told to.
func refuseGRPC(w http.ResponseWriter, r *http.Request, status int) {
	header := w.Header()
	header["Cache-Control"] = noStore
	header["Content-Type"] = []string{contentTypeForGRPC(r)}
	header["Grpc-Status"] = []string{grpcStatus(status)}
	header["Grpc-Message"] = []string{url.PathEscape(http.StatusText(status))}
	if r.Header["Origin"] != nil {
		header["Access-Control-Expose-Headers"] = append(header["Access-Control-Expose-Headers"], "Grpc-Status, Grpc-Message")
	}
	w.WriteHeader(http.StatusOK)
}

// grpcStatus is the gRPC status that stands for an HTTP status.
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
