package zookeeper

import (
	"net/http"
	"strconv"
	"strings"
)

// gate is a Gate checked and compiled.
type gate struct {
	source    *source
	blockWhen bool
	fallback  bool
	refusal   *refusal
}

// refusal is the answer of a closed gate.
type refusal struct {
	status        int
	contentType   []string
	contentLength []string
	body          []byte
}

const defaultContentType = "text/plain; charset=utf-8"

// noStore keeps browsers and caches from serving the answer after the gate has opened.
var noStore = []string{"no-store"}

// unavailable is the answer of gates that can't be asked.
var unavailable = &refusal{
	status: http.StatusServiceUnavailable, contentType: []string{defaultContentType},
	contentLength: []string{"20"}, body: []byte("Service Unavailable\n"),
}

func checkGate(key string, g Gate, choice *clusterChoice, f *faults) *gate {
	compiled := &gate{
		source:    &source{cluster: choice.of(key, g.Cluster, f), format: formatFlag},
		blockWhen: checkFlag(key+".blockWhen", g.BlockWhen, f),
		fallback:  checkFlag(key+".default", g.Default, f),
	}
	checkSource(key, g.Path, compiled.source, f)
	compiled.refusal = checkRefusal(key, g, f)
	return compiled
}

func checkFlag(key, text string, f *faults) bool {
	if text == "" {
		return false
	}
	on, ok := parseFlag(text)
	if !ok {
		f.add(key, text, flagWords)
		return false
	}
	return on
}

func checkRefusal(key string, g Gate, f *faults) *refusal {
	status := http.StatusForbidden
	if g.Status != "" {
		number, ok := statusNumber(g.Status)
		if ok {
			status = number
		} else {
			f.add(key+".status", g.Status, "an HTTP status from 200 to 599")
		}
	}
	contentType := defaultContentType
	if g.ContentType != "" {
		text, err := headerText(g.ContentType)
		contentType = text
		if err != nil || !strings.Contains(text, "/") {
			f.add(key+".contentType", g.ContentType, "a media type, as in text/html; charset=utf-8")
		}
	}
	r := &refusal{status: status, contentType: []string{contentType}, body: []byte(g.Body)}
	bodiless := status == http.StatusNoContent || status == http.StatusNotModified
	if bodiless && g.Body != "" {
		f.add(key+".body", g.Body, "an answer with status "+strconv.Itoa(status)+" can't have a body")
	}
	if !bodiless && g.Body == "" {
		r.body = []byte(http.StatusText(status) + "\n")
	}
	if !bodiless {
		r.contentLength = []string{strconv.Itoa(len(r.body))}
	}
	return r
}

// statusNumber reads an HTTP status that can end a request.
func statusNumber(text string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 200 || n > 599 {
		return 0, false
	}
	return n, true
}

// refuse answers the request in place of the service.
func refuse(w http.ResponseWriter, r *refusal) {
	header := w.Header()
	header["Cache-Control"] = noStore
	if r.contentLength != nil {
		header["Content-Type"] = r.contentType
		header["Content-Length"] = r.contentLength
	}
	w.WriteHeader(r.status)
	w.Write(r.body)
}
