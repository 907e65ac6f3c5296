package request

import (
	"net/http"
)

// Several middlewares of this plugin may be in one chain. What one of them decides about a
// request, or takes out of it, the ones behind have to know, and no client may be able to
// claim. It stands in the field Response of the request: servers leave that empty, so that
// no client can fill it, and transports don't read it, so that no service gets it. Copies
// of a request have it. What stands there never changes, so that a request that is tried
// again begins with what was known before.
//
// Yaegi: a value in the request's context would be the usual way, and costs a request many
// times what this does.

// chainMark is the status by which a Response is known to be the plugin's.
const chainMark = "traefik-zookeeper"

// noNotes is what stands in a request that comes to its first middleware.
var noNotes = &http.Response{}

// notesOf is what the middlewares in front have noted: decisions in Header, by the names of
// decision headers, and in Trailer the lines that secrets were taken from.
func notesOf(r *http.Request) *http.Response {
	if r.Response == nil || r.Response.Status != chainMark {
		return noNotes
	}
	return r.Response
}

// withLines are notes with lines for a name, in the place of those before.
func withLines(before http.Header, name string, lines []string) http.Header {
	after := http.Header{}
	for other, known := range before {
		after[other] = known
	}
	after[name] = lines
	return after
}

// A middleware with headers of the response has refusals behind it told from the answers of
// services. The field Close of the notes says that it wants to.

// TellingRefusals is what stands in a request whose first middleware wants to know of refusals.
var TellingRefusals = &http.Response{Status: chainMark, Close: true}

// TellRefusals has the middlewares behind tell of their refusals.
func TellRefusals(r *http.Request) {
	if r.Response == nil {
		r.Response = TellingRefusals
		return
	}
	before := notesOf(r)
	r.Response = &http.Response{Status: chainMark, Header: before.Header, Trailer: before.Trailer, Close: true}
}

// TellsRefusals tells whether a middleware in front wants to know of a refusal.
func TellsRefusals(r *http.Request) bool { return r.Response != nil && notesOf(r).Close }

// NoteDecisions puts decisions into the decision header of a request, behind those of the
// middlewares in front. The name is canonical. What a client sends in that header goes.
func NoteDecisions(r *http.Request, name, decisions string) {
	before := notesOf(r)
	lines := before.Header[name]
	if decisions != "" {
		if len(lines) > 0 {
			decisions = lines[0] + ", " + decisions
		}
		lines = []string{decisions}
		r.Response = &http.Response{Status: chainMark, Header: withLines(before.Header, name, lines), Trailer: before.Trailer, Close: before.Close}
	}
	if len(lines) == 0 {
		delete(r.Header, name)
		return
	}
	r.Header[name] = lines
}

// FirstDecisions is the note that NoteDecisions makes in a request that comes to its first
// middleware. It may be shared by requests.
func FirstDecisions(name, decisions string) *http.Response {
	return &http.Response{Status: chainMark, Header: http.Header{name: {decisions}}}
}

// keepLines notes the lines of a header that a secret is about to be taken from, for the
// gates behind. Those that the client sent count, not what an earlier middleware has left.
func keepLines(r *http.Request, name string) {
	before := notesOf(r)
	if before.Trailer[name] == nil {
		r.Response = &http.Response{Status: chainMark, Header: before.Header, Trailer: withLines(before.Trailer, name, r.Header[name]), Close: before.Close}
	}
}

// KeepSecrets notes what stands in the headers with secrets, before these are taken out of
// the request.
func KeepSecrets(r *http.Request, names []string) {
	for _, name := range names {
		if r.Header[name] != nil {
			keepLines(r, name)
		}
	}
}
