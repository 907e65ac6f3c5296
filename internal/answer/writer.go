package answer

import (
	"bufio"
	"net"
	"net/http"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
)

// An answerWriter applies headers of the response to an answer when its status is written,
// after all that the service has set, and not before a 1xx that is sent ahead of it.
//
// Yaegi: compiled code sees of it what an http.ResponseWriter has, and neither Flush nor
// Unwrap. So there, an answer whose length isn't known beforehand is flushed after each
// write, as a reverse proxy does it. A Hijack that compiled code sees would cost every
// request half a microsecond, so another type has it.
type answerWriter struct {
	http.ResponseWriter
	headers *Headers // for all requests; nil for none
	late    *Headers // for this request alone; nil for none
	isFinal bool     // the headers are applied
	streams bool     // each write is flushed
}

// WriteHeader sends a status, and with a final one the headers.
func (a *answerWriter) WriteHeader(status int) {
	if !a.isFinal && status >= http.StatusOK {
		finalize(a)
		a.streams = a.streams && status < http.StatusBadRequest // Traefik's retry may hold it back, and a flush would send 200
	}
	a.ResponseWriter.WriteHeader(status)
	if a.streams {
		flush(a)
	}
}

// Write sends a part of the body, and the headers before the first one.
func (a *answerWriter) Write(part []byte) (int, error) {
	if !a.isFinal {
		finalize(a)
	}
	n, err := a.ResponseWriter.Write(part)
	if a.streams {
		flush(a)
	}
	return n, err
}

// Flush sends what is held back, and the headers before.
func (a *answerWriter) Flush() {
	if !a.isFinal {
		finalize(a)
	}
	flush(a)
}

// Unwrap is for http.ResponseController, which finds here what only the server's own
// writer has.
func (a *answerWriter) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// finalize applies the headers.
//
// Yaegi: it has applyTo written out for those of all requests, since a call takes longer.
func finalize(a *answerWriter) {
	a.isFinal = true
	header := a.ResponseWriter.Header()
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
	a.streams = writesAreFlushed && header["Content-Length"] == nil
}

// writesAreFlushed is asked for once.
var writesAreFlushed = guard.IsInterpreted()

// flush does nothing where the server can't.
func flush(a *answerWriter) { _ = http.NewResponseController(a.ResponseWriter).Flush() }

// An upgradableWriter is an answerWriter for a request that asks for another protocol, as
// for a websocket. The answer that switches to it has no headers of ours, as with Traefik's
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
// Yaegi: it has Serve written out, since a call takes longer.
func SetBefore(next http.Handler, headers *Headers) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out := &answerWriter{ResponseWriter: w, headers: headers}
		if r.Header["Upgrade"] == nil {
			next.ServeHTTP(out, r)
		} else {
			next.ServeHTTP(&upgradableWriter{out}, r)
		}
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
	if r.Header["Upgrade"] == nil {
		next.ServeHTTP(out, r)
	} else {
		next.ServeHTTP(&upgradableWriter{out}, r)
	}
	if !out.isFinal {
		finalize(out)
	}
}
