package rules

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// Refusal is the answer of a closed gate.
type Refusal struct {
	Status         int
	Body           *Page
	JSON           *Page               // for clients that prefer it; nil where there is none
	Headers        map[string][]string // by canonical names
	DecisionHeader string              // where it is still to be set; empty for none
	Decisions      string              // what it says of the gates; empty where nothing was decided
	Withheld       *Withheld           // nil for nothing
	Redirect       *Redirect           // nil where it is none
	external       bool                // the body comes from a file
}

// A Page is a body, and the headers that go with it as an http.Header has them. Without a
// content type, there is no body.
type Page struct {
	ContentType   []string
	ContentLength []string
	Body          []byte
}

// NewPage makes a page of a body.
func NewPage(contentType string, body []byte) *Page {
	return &Page{ContentType: []string{contentType}, ContentLength: []string{strconv.Itoa(len(body))}, Body: body}
}

// DefaultContentType is the media type of a body where the configuration has none.
const DefaultContentType = "text/plain; charset=utf-8"

// checkRefusal compiles the answer of a gate.
func checkRefusal(key string, g config.Gate, list *problems.List) *Refusal {
	r := &Refusal{Status: checkStatus(key, g, list), Headers: map[string][]string{}, external: g.BodyFile != ""}
	for _, name := range lists.SortedKeys(g.Headers) {
		canonical := checkHeaderName(key+".headers."+name, name, list)
		value, err := value.HeaderText(g.Headers[name])
		if err != nil {
			list.Add(key+".headers."+name, g.Headers[name], "it "+err.Error())
		}
		r.Headers[canonical] = []string{value}
	}
	if g.RetryAfter != nil {
		r.checkRetryAfter(key, g, list)
	}
	if g.Redirect != "" {
		r.checkRedirect(key, g, list)
	}
	contentType := DefaultContentType
	if g.ContentType != "" {
		contentType = checkContentType(key, g, list)
	}
	body := checkBody(key, g, r.Status, list)
	if bodiless(r.Status) {
		r.Body = &Page{}
		return r
	}
	r.Body = NewPage(contentType, body)
	if g.JSONBody != "" {
		if !json.Valid([]byte(g.JSONBody)) {
			list.Add(key+".jsonBody", g.JSONBody, `it is no JSON; write it as in {"error": "closed"}`)
		}
		r.JSON = NewPage(request.JSONContentType, []byte(g.JSONBody))
	}
	return r
}

// checkStatus is the status of the answer; 403 by default, or 302 for a redirect.
func checkStatus(key string, g config.Gate, list *problems.List) int {
	text := config.Text(g.Status)
	if text == "" && g.Redirect != "" {
		return http.StatusFound
	}
	if text == "" {
		return http.StatusForbidden
	}
	number, ok := statusNumber(text)
	if !ok {
		list.Add(key+".status", text, "an HTTP status from 200 to 599")
		return http.StatusForbidden
	}
	return number
}

// statusNumber reads an HTTP status that can end a request. The second result is false where
// the text is none.
func statusNumber(text string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 200 || n > 599 {
		return 0, false
	}
	return n, true
}

// checkRetryAfter adds the header Retry-After, in seconds.
func (r *Refusal) checkRetryAfter(key string, g config.Gate, list *problems.List) {
	text := config.Text(g.RetryAfter)
	if text == "" {
		return
	}
	d, err := time.ParseDuration(strings.TrimSpace(text))
	if err != nil || d < time.Second {
		list.Add(key+".retryAfter", text, "a duration of a second or more, as in 30s or 5m")
	}
	r.Headers["Retry-After"] = []string{strconv.Itoa(int(d / time.Second))}
}

// checkRedirect adds the header Location.
func (r *Refusal) checkRedirect(key string, g config.Gate, list *problems.List) {
	location, unfit := value.HeaderText(g.Redirect)
	target, err := url.Parse(location)
	if err != nil || unfit != nil || target.Host == "" && (target.Scheme != "" || !strings.HasPrefix(target.Path, "/")) {
		list.Add(key+".redirect", g.Redirect, "a URL, as in https://status.example.com/, or a path that begins with a slash")
	}
	switch r.Status {
	case http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		list.Add(key+".status", config.Text(g.Status), "a redirect goes with 302, 303, 307 or 308")
	}
	r.Headers["Location"] = []string{location}
	r.Redirect = newRedirect(key, location, r.Status)
}

// checkContentType is the media type of the body.
func checkContentType(key string, g config.Gate, list *problems.List) string {
	text, err := value.HeaderText(g.ContentType)
	if err != nil || !strings.Contains(text, "/") {
		list.Add(key+".contentType", g.ContentType, "a media type, as in text/html; charset=utf-8")
	}
	return text
}

// checkBody is the body that the configuration has, or else the status in words. A page from
// ZooKeeper takes its place once it is loaded.
func checkBody(key string, g config.Gate, status int, list *problems.List) []byte {
	body := []byte(g.Body)
	if g.BodyFile != "" {
		body = readBody(key+".bodyFile", g, list)
	}
	given := len(body) > 0 || g.JSONBody != "" || len(g.BodyPath) > 0
	if bodiless(status) && given {
		list.Add(key+".body", string(body), "an answer with status "+strconv.Itoa(status)+" can't have a body")
	}
	words := http.StatusText(status)
	if len(body) == 0 && words != "" {
		body = []byte(words + "\n")
	}
	return body
}

// readBody is the body that a file has.
func readBody(key string, g config.Gate, list *problems.List) []byte {
	if g.Body != "" {
		list.Add(key, g.BodyFile, "either body or bodyFile")
	}
	text, err := os.ReadFile(g.BodyFile)
	if err != nil {
		list.Add(key, g.BodyFile, "it can't be read: "+err.Error())
	}
	return text
}

// bodiless tells whether answers with a status have no body.
func bodiless(status int) bool {
	return status == http.StatusNoContent || status == http.StatusResetContent || status == http.StatusNotModified
}

// ofService are the headers that belong to an answer of the service, and not to a refusal in
// its place: those of the body, and those that let it be kept.
var ofService = map[string]bool{
	"Content-Type": true, "Content-Encoding": true, "Content-Range": true, "Content-Language": true, "Content-Disposition": true, "Accept-Ranges": true,
	"Content-Location": true, "Content-Md5": true, "Content-Digest": true, "Repr-Digest": true, "Digest": true,
	"Etag": true, "Last-Modified": true, "Cache-Control": true, "Expires": true, "Age": true, "Pragma": true,
	"Cdn-Cache-Control": true, "Cloudflare-Cdn-Cache-Control": true, "Surrogate-Control": true, "Surrogate-Key": true, "Edge-Control": true, "X-Accel-Expires": true,
}

// BelongsToService tells whether a header, by its canonical name, has no place in a refusal.
func BelongsToService(name string) bool { return ofService[name] }

// Beside is the refusal with further headers of the response, where it has no such header by
// itself. A browser shows nothing of an answer that lacks those of CORS.
func (r *Refusal) Beside(headers map[string][]string) *Refusal {
	other := *r
	other.Headers = map[string][]string{}
	for name, value := range headers {
		if !ofService[name] {
			other.Headers[name] = value
		}
	}
	for name, value := range r.Headers {
		other.Headers[name] = value
	}
	return &other
}

// Deciding is the refusal with a decision header.
func (r *Refusal) Deciding(header, decisions string) *Refusal {
	other := *r
	other.DecisionHeader = header
	other.Decisions = decisions
	return &other
}

// WithBody is the refusal with another body.
func (r *Refusal) WithBody(body []byte) *Refusal {
	other := *r
	other.Body = NewPage(r.Body.ContentType[0], body)
	return &other
}
