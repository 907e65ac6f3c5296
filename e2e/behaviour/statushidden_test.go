package behaviour

import (
	"slices"
	"strings"
	"testing"
)

// veiled are nodes below /veil. Whatever a node holds, and every name that the configuration
// lacks, ends in -mark.
var veiled = map[string]string{
	"title": "title-mark", "word": "word-mark", "bad": "bad-mark", "json": `{"a":"inner-mark"}`, "broken": `{"broken-mark`,
	"theme":               `{"variants":{"themevariant-mark":"theme-mark"},"defaultVariant":"themevariant-mark"}`,
	"gate":                `{"variants":{"gatevariant-mark":true},"defaultVariant":"gatevariant-mark"}`,
	"of/tenant-mark/plan": "plan-mark", "of/refused-mark/plan": "refusedplan-mark\nb", "of/changed-mark/plan": "before-mark",
	"list/child-mark": "", "beta/share-mark": "share-mark",
}

const veilRules = "requestHeaders:\n  - {name: X-Title, path: /veil/title}\n  - {name: X-Theme, flag: /veil/theme}\n  - {name: X-Inner, path: /veil/json, format: json, key: a}\n" +
	"  - {name: X-Broken, path: /veil/broken, format: json, key: a}\n  - {name: X-List, path: /veil/list, format: children}\n  - {name: X-None, path: /veil/none, default: default-mark}\n" +
	"  - {name: X-Plan, path: '/veil/of/{header.X-Tenant}/plan'}\n  - {name: X-Word, path: /veil/word, map: {word-mark: translated-mark}, value: 'frame-mark {value}'}\n" +
	"gates:\n  - {path: /veil/gate}\n  - {path: /veil/bad, default: 'on'}\n  - {path: '/veil/beta/{cookie.user}', default: 'on'}\n"

// shownOnly are the marks that the page and JSON show where values aren't hidden.
var shownOnly = []string{
	"title-mark", "bad-mark", "inner-mark", "theme-mark", "gatevariant-mark", "/veil/of/tenant-mark/plan", "/veil/of/changed-mark/plan", "plan-mark", "child-mark", "default-mark",
	"frame-mark translated-mark", "share-mark", "status-mark", "servers-mark", "mapword-mark",
}

// Without values, the status shows nothing that nodes, clients or the values in the
// configuration contribute, in no format. With them, it does.
func hidingAll(t *testing.T, s *suite) {
	for path, text := range veiled {
		s.admin.Put("/veil/"+path, []byte(text))
	}
	cluster, name := uniqueCluster(), uniqueCluster()
	define := "clusters: {" + cluster + ": {servers: '" + s.zk.Addr() + "'}}\n"
	inst := s.named(t, name+"/rules", define+veilRules)
	inst.awaitHeader(t, "X-Title", "title-mark")
	s.named(t, name+"/mistaken", define+"gates: [{path: /veil/gate, status: status-mark}]\nmaxStale: maxstale-mark\nrequestHeaders: [{name: X-A, path: /veil/title, map: {mapword-mark: \"a\\nb\"}}]\n").awaitStatus(t, 503)
	s.named(t, name+"/other", strings.Replace(define, s.zk.Addr(), "servers-mark:1", 1)+"gates: [{path: /veil/gate}]\n").awaitStatus(t, 503)
	shown, hidden := s.must(t, statusLine), s.must(t, statusLine+"statusValues: false\n")
	s.admin.Put("/veil/of/changed-mark/plan", []byte("after-mark"))
	s.admin.Put("/veil/title", []byte("title-mark"))
	const template = "/veil/of/{header.X-Tenant}/plan"
	eventually(t, func() bool { return len(hidden.report(t, "").cluster(t, cluster).Changes) == 2 }, func() string { return "two changes are not there" })

	for _, format := range append(statusFormats, "?format=json&path=/veil/of/tenant-mark", "?format=html&path=/veil/of/t") {
		body := hidden.statusAt(t, format).body
		for _, line := range strings.Split(body, "\n") {
			if strings.Contains(strings.ReplaceAll(line, `value="/veil/of/`, ""), "-mark") {
				t.Errorf("%s has %s", format, line)
			}
		}
	}
	for _, format := range []string{"?format=json", "?format=html"} {
		body := shown.statusAt(t, format).body
		for _, mark := range shownOnly {
			if !strings.Contains(body, mark) {
				t.Errorf("%s lacks %s", format, mark)
			}
		}
	}

	r := hidden.report(t, "")
	c := r.cluster(t, cluster)
	plans := templateReport{}
	for _, of := range c.Templates {
		if of.Path == template {
			plans = *of
		}
	}
	if since := plans.RefusedSince; since == "" || plans != (templateReport{Path: template, Nodes: 3, Refused: 1, RefusedSince: since}) {
		t.Errorf("%+v", plans)
	}
	if c.TemplateNodes+len(c.Nodes) != c.NodeCount || len(c.Templates) != 2 || c.RefusedNodes != 4 {
		t.Errorf("%d and %d of %d nodes, %d refused; templates %v", c.TemplateNodes, len(c.Nodes), c.NodeCount, c.RefusedNodes, c.Templates)
	}
	if n := c.node("/veil/bad"); n.Problem != "refused as flag" || n.Modified == "" || n.Value != "" {
		t.Errorf("%+v", n)
	}
	changed := []string{c.Changes[0].Path, c.Changes[1].Path}
	slices.Sort(changed)
	if !slices.Equal(changed, []string{template, "/veil/title"}) {
		t.Errorf("changes %q", changed)
	}
	if of := hidden.report(t, "&path=/veil/of/tenant").cluster(t, cluster); len(of.Nodes)+len(of.Templates) != 0 {
		t.Errorf("a name can be guessed: %v, %v", of.Nodes, of.Templates)
	}
	mistakes := map[string]string{}
	for _, m := range r.Mistakes {
		mistakes[m.Middleware] = m.Error
	}
	if got := mistakes[name+"/mistaken"]; got != "3 mistakes, at maxStale, requestHeaders[0].map, gates[0].status; the log has them" {
		t.Errorf("three mistakes: %q", got)
	}
	if got := mistakes[name+"/other"]; got != "a mistake at clusters."+cluster+"; the log has it" {
		t.Errorf("another definition: %q", got)
	}
	gates := r.middleware(t, name+"/rules").Gates
	if gates[0].Decision != "pass" || gates[0].Variant != "" || gates[1].Reason != "ERROR" || gates[2].From != "/veil/beta/{cookie.user} as flag" {
		t.Errorf("%+v", gates)
	}
	nested(t, hidden.statusAt(t, "").body)
	if page := hidden.statusAt(t, "").body; !strings.Contains(page, template) || !strings.Contains(page, "1 refused") {
		t.Error("the page lacks the template, or what is refused of it")
	}
}

// What is missing is told by its template.
func testMissingTemplateWithoutValues(t *testing.T, s *suite) {
	cluster := uniqueCluster()
	hidden := s.start(t, statusLine+"statusValues: false\nstartupTimeout: 1ms\nclusters: {"+cluster+": {servers: '127.0.0.1:1'}}\nrequestHeaders: [{name: X-A, path: '/veil/of/{header.X-Tenant}'}]\n")
	hidden.get("X-Tenant: tenant-mark")
	hidden.awaitReady(t, 503, "cluster "+cluster+": /veil/of/{header.X-Tenant} is not loaded")
	if body := hidden.statusAt(t, "/ready").body; strings.Contains(body, "-mark") {
		t.Error(body)
	}
}
