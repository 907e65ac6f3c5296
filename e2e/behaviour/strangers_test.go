package behaviour

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
)

// longNodes are what strangers may write, much longer than anybody wants to read it, and
// with what nobody wants in a terminal or a page.
func longNodes() map[string]string {
	long := strings.Repeat("<script>\u202e\u009b31m", 20000)
	return map[string]string{
		"text": long, "word": `"` + long + `"`, "variant": `{"variants":{"` + long + `":true,"off":false},"defaultVariant":"` + long + `"}`, "state": `{"variants":{"on":true},"state":["` + long + `"]}`,
		"preset": `{"variants":{"on":true},"defaultVariant":["` + long + `"]}`, "operation": `{"variants":{"on":true},"targeting":{"` + long + `":1}}`, "variants": `{"variants":"` + long + `"}`,
		"mistake": `{"variants":{"on":true},` + long + `}`, "chosen": when(`{"cat":["` + strings.Repeat("x", 60000) + `"]}`), "reference": `{"variants":{"on":true},"targeting":{"$ref":["` + long + `"]}}`,
	}
}

var strangers = []behaviour{
	{"what strangers wrote is shown in short, and without what isn't to be seen", testWhatStrangersWroteIsShownInShort},
}

func testWhatStrangersWroteIsShownInShort(t *testing.T, s *suite) {
	before := len(s.plugin.Output())
	config := anyCluster + statusLine + decisionLine + "requestHeaders:\n"
	gates := "gates:\n"
	for name, text := range longNodes() {
		s.admin.Put("/strangers/"+name, []byte(text))
		config += fmt.Sprintf("  - {name: X-%s, path: /strangers/%s, format: json, key: a}\n", name, name)
		gates += fmt.Sprintf("  - {path: /strangers/%s, dryRun: true}\n", name)
	}
	inst := s.start(t, config+gates)
	inst.get()
	for what, text := range map[string]string{
		"the page": inst.statusAt(t, "?format=html").body, "JSON": inst.statusAt(t, "?format=json").body, "ready": inst.statusAt(t, "/ready").body,
		"the metrics": inst.statusAt(t, "/metrics").body, "the decision": inst.decision(request{}), "the log": s.plugin.Output()[before:],
	} {
		if n := strings.Count(text, "31m"); n > 1000 || what == "the decision" && len(text) > 2000 {
			t.Errorf("%s has %d bytes, and what a stranger wrote %d times", what, len(text), n)
		}
		if at := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) && !unicode.IsSpace(r) }); at >= 0 {
			t.Errorf("%s has %.100q", what, text[max(0, at-40):])
		}
		if what == "the page" && strings.Contains(text, "<script>\u202e") {
			t.Error("the page has a stranger's element")
		}
		for _, line := range strings.Split(text, "\n") {
			if what == "the log" && len(line) > 1000 {
				t.Errorf("a line of %s has %d bytes: %.300q", what, len(line), line)
			}
		}
	}
}
