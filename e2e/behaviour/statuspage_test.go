package behaviour

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

var statusFormats = []string{"?format=json", "?format=html", "?format=prometheus", "/ready"}

// hiding: what an administrator hides is in no format; secrets never are, in what
// is told of mistakes neither.
func hiding(t *testing.T, s *suite) {
	for path, text := range map[string]string{"value": "blue-value", "bad": "bad-value", "theme": variant(`"theme-value"`), "json": `{"a":"inner-value"}`, "broken": `{"broken-value`} {
		s.admin.Put("/hidden/"+path, []byte(text))
	}
	rules := "clusters: {$CLUSTER: {servers: $SERVERS, username: user-secret, password: pass-secret}}\n" +
		"requestHeaders: [{name: X-Value, path: /hidden/value}, {name: X-Theme, flag: /hidden/theme}, {name: X-Inner, path: /hidden/json, format: json, key: a}, {name: X-Broken, path: /hidden/broken, format: json, key: a}]\n" +
		"responseHeaders: [{name: X-Value, path: /hidden/value}]\n" +
		"gates: [{path: /hidden/bad, bypass: {header: {name: X-Pass, value: header-secret-0123456789}, cookie: {name: pass, value: cookie-secret-0123456789}}, default: 'on'}]\n"
	config := s.own(rules)
	s.must(t, config).awaitHeader(t, "X-Value", "blue-value")
	s.must(t, strings.Replace(config, "path: /hidden/bad", "path: bad", 1)).awaitStatus(t, 503)
	s.must(t, strings.Replace(config, "pass-secret", "other-secret", 1)).awaitStatus(t, 503)
	shown, hidden := s.must(t, statusLine), s.must(t, statusLine+"statusValues: false\n")
	s.must(t, strings.Replace(config, "path: /hidden/bad", "path: bad", 1)) // another router's
	for _, format := range statusFormats {
		for _, inst := range []*instance{shown, hidden} {
			body := inst.statusAt(t, format).body
			if strings.Contains(body, "-secret") {
				t.Errorf("%s has a secret:\n%s", format, body)
			}
			if inst == hidden && strings.Contains(body, "-value") {
				t.Errorf("%s has a value:\n%s", format, body)
			}
		}
	}
	body := shown.statusAt(t, "?format=html").body
	for _, text := range []string{"blue-value", "theme-value", "inner-value", "bad-value", t.Name()} {
		if !strings.Contains(body, text) {
			t.Errorf("the page lacks %s", text)
		}
	}
	if body := hidden.statusAt(t, "?format=html").body; !strings.Contains(body, "hidden") {
		t.Error("the page doesn't tell that it hides values")
	}
	if mistakes := shown.report(t, "").Mistakes; len(mistakes) != 2 {
		t.Errorf("mistakes %+v", mistakes)
	}
}

var (
	script = regexp.MustCompile(`(?s)<script nonce="[^"]+">.*?</script>`)
	void   = regexp.MustCompile(`<((?:meta|input) [^>]*)>`) // elements without an end
)

// escaping: nothing that comes from outside is ever markup.
func escaping(t *testing.T, s *suite) {
	const text = "<script>alert(\"1\")</script>'&\n\\end"
	path := `/markup/<b>"'&\x</b>`
	s.admin.Put(path, []byte(text))
	name := t.Name() + "\n\"<i>\\"
	cluster := uniqueCluster()
	quoted, err := json.Marshal(path)
	if err != nil {
		t.Fatal(err)
	}
	inst := s.named(t, name, statusLine+"clusters: {"+cluster+": {servers: '"+s.zk.Addr()+"'}}\n"+
		"requestHeaders: [{name: X-Value, path: "+string(quoted)+", format: exists}]\ngates: [{path: "+string(quoted)+", default: 'on'}]\n")
	inst.get()
	page := inst.statusAt(t, "?path=%22%3E%3Cu%3E").body + inst.statusAt(t, "").body
	for _, markup := range []string{"<script>", "<b>", "<i>", "<u>", `"'`} {
		if strings.Contains(script.ReplaceAllString(page, ""), markup) {
			t.Errorf("the page has %s", markup)
		}
	}
	nested(t, inst.statusAt(t, "").body)
	if n := inst.report(t, "").cluster(t, cluster).node(path); n.Value != `<script>alert("1")</script>'& \end` {
		t.Errorf("%+v", n)
	}
	if got := value(inst.series(t), "gate_decisions_total", "middleware", name, "gate", path); got < 1 {
		t.Errorf("the metric counts %g", got)
	}
}

// nested checks that every element of a page ends, and where it should.
func nested(t *testing.T, page string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(void.ReplaceAllString(script.ReplaceAllString(page, ""), "<$1/>")))
	ids := map[string]bool{}
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, page)
		}
		if start, is := token.(xml.StartElement); is {
			for _, a := range start.Attr {
				if a.Name.Local == "id" && ids[a.Value] {
					t.Errorf("id %s is there twice", a.Value)
				}
				ids[a.Value] = ids[a.Value] || a.Name.Local == "id"
			}
		}
	}
}

func negotiating(t *testing.T, s *suite) {
	s.admin.Put("/statuses/shut", []byte("off"))
	inst := s.start(t, statusLine+anyCluster+"gates: [{path: /statuses/shut, status: 418}]\n")
	inst.awaitStatus(t, 418)
	const page, document, text = "text/html; charset=utf-8", "application/json", "text/plain; charset=utf-8"
	for _, c := range []struct {
		method, url, accept string
		status              int
		contentType         string
	}{
		{"GET", "", "", 200, page}, {"HEAD", "", "", 200, page}, {"GET", "", "*/*", 200, page},
		{"GET", "", "text/html,application/xhtml+xml,*/*;q=0.8", 200, page}, {"GET", "", "application/json", 200, document},
		{"GET", "", "application/json, text/html;q=0.5", 200, document}, {"GET", "", "application/json;q=0.5, text/html", 200, page},
		{"GET", "?format=json", "text/html", 200, document}, {"GET", "?format=html", "application/json", 200, page},
		{"GET", "?format=prometheus", "", 200, "text/plain; version=0.0.4; charset=utf-8"}, {"GET", "?format=xml", "", 400, text}, {"GET", "?format=<b>", "", 400, text},
		{"GET", "/ready", "", 200, text}, {"HEAD", "/ready", "", 200, text},
		{"POST", "", "", 405, text}, {"DELETE", "/ready", "", 405, text}, {"OPTIONS", "/metrics", "", 405, text}, {"PUT", "?format=json", "", 405, text},
		// not the status: the gate answers
		{"GET", "X", "", 418, text}, {"GET", "/other", "", 418, text}, {"GET", "/", "", 418, text}, {"GET", "/ready/", "", 418, text}, {"GET", "/metricsX", "", 418, text},
	} {
		a := inst.send(c.method, "", "/.zookeeper"+c.url, "Accept: "+c.accept)
		if a.status != c.status || a.answer.Get("Content-Type") != c.contentType {
			t.Errorf("%s %s for %q: %d, %s", c.method, c.url, c.accept, a.status, a.answer.Get("Content-Type"))
		}
		if a.answer.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept", c.url)
		}
		if a.status == http.StatusMethodNotAllowed && a.answer.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s allows %q", c.url, a.answer.Get("Allow"))
		}
	}
	if a := inst.statusAt(t, "?format=<b>"); !strings.Contains(a.body, "html, json or prometheus") || strings.Contains(a.body, "<b>") {
		t.Errorf("%q", a.body)
	}
	s.admin.Put("/statuses/shut", []byte("on"))
	inst.awaitStatus(t, 200)
	for _, url := range []string{"/.zookeeperX", "/.zookeeper/other", "/x/.zookeeper"} {
		if a := inst.send(http.MethodGet, "", url); a.service == nil {
			t.Errorf("%s doesn't reach the service", url)
		}
	}
}
