package proxy

import (
	"fmt"
	"io"
	"maps"
	"reflect"
	"strings"
	"testing"
)

// injected shows values of all kinds, in requests, responses and a gate's page.
const injected = cluster + `requestHeaders:
  - {name: X-Marker, path: /marker}
  - {name: X-Text, path: /bad/text}
  - {name: X-Json, path: /bad/json, format: json, key: a.b}
  - {name: X-Properties, path: /bad/properties, format: properties, key: a}
  - {name: X-Framed, path: /bad/text, value: 'Bearer {value}', map: {good: fine}}
  - {name: X-Per-Tenant, path: '/bad/tenants/{header.X-Tenant}', default: none}
  - {name: X-Flag, flag: /bad/flag, default: none}
  - {name: X-Encoded, path: /bad/anything, encoding: base64}
responseHeaders:
  - {name: X-Answer, path: /bad/text}
  - {name: X-Answer-Flag, flag: /bad/flag, default: none}
decisionHeader: X-Zookeeper-Decision
gates:
  - {path: /closed, blockWhen: 'on', bodyPath: /bad/page, contentType: text/html}
`

const evil = "good\r\nX-Admin: yes\r\n\r\nGET /admin HTTP/1.1\r\nHost: x\r\n\r\n."

// Nothing that stands in a node makes a header of its own, or a request, or an
// answer: whoever may write nodes can't write what is around them.
func TestNodesInjectNothing(t *testing.T) {
	good := map[string]string{
		"/marker": "1", "/bad/text": "good", "/bad/json": `{"a":{"b":"good"}}`, "/bad/properties": "a=good", "/bad/tenants/ann": "good", "/bad/anything": "good", "/bad/page": "good",
		"/bad/flag": `{"variants":{"good":"good"},"defaultVariant":"good"}`, "/closed": closedWhen(`{"==":[{"var":"path"},"/closed"]}`),
	}
	s, w := newStage(t, good), startWitness(t)
	s.launch(t, s.before(w, injected), nil)
	ask := get("/", "X-Tenant: ann")
	var before arrival
	s.awaitArrival(t, w, ask, func(a arrival) bool {
		before = a
		return a.request.Header.Get("X-Marker") == "1" && a.request.Header.Get("X-Per-Tenant") == "good" && a.request.Header.Get("X-Flag") == "good" && a.request.Header.Get("X-Framed") == "Bearer fine"
	})
	const escaped = `good\r\nX-Admin: yes\r\n\r\nGET /admin HTTP/1.1\r\n\r\n.`
	s.admin.Put("/bad/text", []byte(evil))
	s.admin.Put("/bad/tenants/ann", []byte(evil))
	s.admin.Put("/bad/json", []byte(`{"a":{"b":"`+escaped+`"}}`))
	s.admin.Put("/bad/properties", []byte("a="+escaped))
	s.admin.Put("/bad/anything", []byte(evil))
	s.admin.Put("/bad/page", []byte(evil))
	s.admin.Put("/bad/flag", []byte(`{"variants":{"`+escaped+`":"`+escaped+`"},"defaultVariant":"`+escaped+`"}`))
	s.admin.Put("/marker", []byte("2"))
	refusals := func() (n int) {
		for _, node := range []string{"/bad/text", "/bad/tenants/ann", "/bad/json", "/bad/properties"} {
			for _, line := range s.traefik.PluginLog() {
				if strings.Contains(line, node+" refused as ") {
					n++
					break
				}
			}
		}
		return n
	}
	var after arrival
	s.awaitArrival(t, w, ask, func(a arrival) bool {
		after = a
		h := a.request.Header
		return refusals() == 4 && h.Get("X-Marker") == "2" && h.Get("X-Flag") == "none" && h.Get("X-Encoded") != before.request.Header.Get("X-Encoded")
	})
	changing := []string{"X-Marker", "X-Flag", "X-Encoded", "X-Zookeeper-Decision"}
	for _, name := range changing {
		before.request.Header.Del(name)
	}
	rest := maps.Clone(after.request.Header)
	for _, name := range changing {
		rest.Del(name)
	}
	if !reflect.DeepEqual(rest, before.request.Header) {
		t.Errorf("%v became %v", before.request.Header, rest)
	}
	for name, values := range after.request.Header {
		if len(values) != 1 || strings.ContainsAny(values[0], "\r\n") {
			t.Errorf("%s: %q", name, values)
		}
	}
	if lines := strings.Count(after.raw, "\n"); lines != len(after.request.Header)+3 { // the request's line, Host, and the end
		t.Errorf("%d lines: %q", lines, after.raw)
	}
	for _, c := range []struct{ path, body string }{{"/", ""}, {"/closed", evil}} {
		a, err := s.get(c.path)
		if err == nil && (a.body != c.body || a.header.Get("X-Admin") != "" || c.body == "" && (a.header.Get("X-Answer") != "good" || a.header.Get("X-Answer-Flag") != "none")) {
			err = fmt.Errorf("%q, %v", a.body, a.header)
		}
		if err != nil {
			t.Errorf("%s: %v", c.path, err)
		}
	}
	// The answer ends where its length says: the next one is its own.
	r, conn, answers := s.exchange(t, "X-Tenant: ann")
	io.Copy(io.Discard, r.Body)
	fmt.Fprint(conn, get("/closed"), get("/"))
	if rest, err := io.ReadAll(io.LimitReader(answers, 12)); string(rest) != "HTTP/1.1 403" || err != nil {
		t.Errorf("the next answer begins with %q, %v", rest, err)
	}
}
