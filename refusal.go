package zookeeper

import (
	"net/http"
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
	foreign bool   // a file says what the body is
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

const defaultContentType = "text/plain; charset=utf-8"

func checkRefusal(key string, g Gate, f *problemList) *refusal {
	r := &refusal{status: checkStatus(key, g, f), headers: map[string][]string{}, foreign: g.BodyFile != ""}
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

func checkStatus(key string, g Gate, f *problemList) int {
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

func (r *refusal) checkRetryAfter(key string, g Gate, f *problemList) {
	if g.RetryAfter == "" {
		return
	}
	d, err := time.ParseDuration(strings.TrimSpace(g.RetryAfter))
	if err != nil || d < time.Second {
		f.add(key+".retryAfter", g.RetryAfter, "a duration of a second or more, as in 30s or 5m")
	}
	r.headers["Retry-After"] = []string{strconv.Itoa(int(d / time.Second))}
}

func (r *refusal) checkRedirect(key string, g Gate, f *problemList) {
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

func checkContentType(key string, g Gate, f *problemList) string {
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
func checkBody(key string, g Gate, status int, f *problemList) []byte {
	body := []byte(g.Body)
	if g.BodyFile != "" && g.Body != "" {
		f.add(key+".bodyFile", g.BodyFile, "either body or bodyFile")
	}
	if g.BodyFile != "" {
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
