package answer

import (
	"bufio"
	"net"
	"net/http"
	"strconv"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// An answerWriter applies headers of the response to an answer when its status is written,
// after all that the service has set, and not before a 1xx that is sent ahead of it.
//
// Yaegi: compiled code sees of it what an http.ResponseWriter has, and neither Flush nor
// Unwrap. So there, an answer is flushed after each write that isn't its whole body. One whose
// length isn't known beforehand is flushed before its body, too. A Hijack that compiled code
// sees would cost every request half a microsecond, so another type has it.
type answerWriter struct {
	http.ResponseWriter
	headers *Headers // for all requests; nil for none
	late    *Headers // for this request alone; nil for none
	sets    bool     // to set the headers for all requests is all there is to do
	isFinal bool     // the headers are applied
	streams bool     // the headers and each write are flushed
	length  []string // Content-Length, where each write of less is flushed; nil where that isn't
}

// WriteHeader sends a status, and with a final one the headers.
//
// Yaegi: it has what most answers take written out, since a call takes longer.
func (a *answerWriter) WriteHeader(status int) {
	if a.sets && !a.isFinal && status == http.StatusOK {
		header := a.ResponseWriter.Header()
		length := header["Content-Length"]
		if len(length) == 1 && header[refusalMark] == nil {
			for i, name := range a.headers.names {
				header[name] = a.headers.values[i]
			}
			a.isFinal = true
			a.length = length
			a.ResponseWriter.WriteHeader(status)
			return
		}
	}
	writeStatus(a, status)
}

// Write sends a part of the body, and the headers before the first one.
//
// Yaegi: as WriteHeader.
func (a *answerWriter) Write(part []byte) (int, error) {
	if a.length == nil || strconv.Itoa(len(part)) != a.length[0] {
		return writePart(a, part)
	}
	return a.ResponseWriter.Write(part)
}

func writeStatus(a *answerWriter, status int) {
	if !a.isFinal && status >= http.StatusOK {
		finalize(a)
		if status >= http.StatusMultipleChoices { // a redirect is short, and an error may be held back by Traefik's retry, so that a flush would send 200
			a.streams = false
			a.length = nil
		}
	}
	a.ResponseWriter.WriteHeader(status)
	if a.streams {
		flush(a)
	}
}

func writePart(a *answerWriter, part []byte) (int, error) {
	if !a.isFinal {
		finalize(a)
	}
	n, err := a.ResponseWriter.Write(part)
	if a.streams || a.length != nil && strconv.Itoa(n) != a.length[0] {
		flush(a)
	}
	return n, err
}

// Flush sends what is held back, and the headers before.
func (a *answerWriter) Flush() { //yaegi:ok it is for compiled programs
	if !a.isFinal {
		finalize(a)
	}
	flush(a)
}

// Unwrap is for http.ResponseController, which finds here what only the server's own
// writer has.
func (a *answerWriter) Unwrap() http.ResponseWriter { return a.ResponseWriter } //yaegi:ok it is for compiled programs

// finalize applies the headers.
//
// Yaegi: it has applyTo written out for those of all requests, since a call takes longer.
func finalize(a *answerWriter) {
	a.isFinal = true
	header := a.ResponseWriter.Header()
	mark := header[refusalMark]
	if mark != nil && len(mark) == 0 { // one with a line is a service's
		finalizeRefusal(a, header)
		return
	}
	if a.headers != nil {
		for i, name := range a.headers.names {
			header[name] = a.headers.values[i]
		}
		if a.headers.hasMore {
			applyRest(header, a.headers)
		}
	}
	if a.late != nil {
		applyTo(header, a.late)
	}
	length := header["Content-Length"]
	switch {
	case !isInterpreted:
	case len(length) == 0:
		a.streams = true
	default:
		a.length = length
	}
}

// isInterpreted is asked for once.
var isInterpreted = guard.IsInterpreted()

// finalizeRefusal applies the headers to the refusal of a middleware behind, but for those that
// belong to an answer of a service.
func finalizeRefusal(a *answerWriter, header http.Header) {
	own := http.Header{}
	for name, values := range header {
		if rules.BelongsToService(name) {
			own[name] = values
			delete(header, name)
		}
	}
	for _, headers := range []*Headers{a.headers, a.late} {
		if headers != nil {
			applyTo(header, headers)
		}
	}
	for name := range header {
		if rules.BelongsToService(name) {
			delete(header, name)
		}
	}
	for name, values := range own {
		header[name] = values
	}
}

// flush does nothing where the server can't.
func flush(a *answerWriter) { _ = http.NewResponseController(a.ResponseWriter).Flush() }

// An upgradableWriter is an answerWriter for a request that asks for another protocol, as
// for a websocket, and in the compiled program for every request. The answer that switches to it has no headers of ours, as with Traefik's
// own middlewares: the service writes it to the connection by itself.
type upgradableWriter struct {
	*answerWriter
}

// Hijack lets the service take over the connection.
func (u *upgradableWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(u.answerWriter.ResponseWriter).Hijack()
}

// SetBefore sets headers of the response that are the same for all requests.
//
// Yaegi: it has Serve written out for most requests, since a call takes longer.
func SetBefore(next http.Handler, headers *Headers) http.HandlerFunc {
	if !isInterpreted || headers.hasMore {
		return func(w http.ResponseWriter, r *http.Request) { Serve(next, w, r, headers, nil) }
	}
	telling := request.TellingRefusals
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Response != nil || r.Header["Upgrade"] != nil {
			Serve(next, w, r, headers, nil)
			return
		}
		r.Response = telling
		out := &answerWriter{ResponseWriter: w, headers: headers, sets: true}
		next.ServeHTTP(out, r)
		if !out.isFinal {
			finalize(out)
		}
	}
}

// Serve calls a service, and sets headers of its answer: those of all requests, and those
// of this one alone. Either may be nil. An answer of which the service says nothing is
// empty, and has the headers all the same.
func Serve(next http.Handler, w http.ResponseWriter, r *http.Request, headers, late *Headers) {
	out := &answerWriter{ResponseWriter: w, headers: headers, late: late}
	request.TellRefusals(r)
	if isInterpreted && r.Header["Upgrade"] == nil {
		next.ServeHTTP(out, r)
	} else {
		next.ServeHTTP(&upgradableWriter{out}, r)
	}
	if !out.isFinal {
		finalize(out)
	}
}
