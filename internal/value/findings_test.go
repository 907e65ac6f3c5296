package value

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
)

// Who follows all flags of a document is told what is wrong with any of them, in one line, and the
// sound ones are served.
func TestFindingsInAllFlags(t *testing.T) {
	const sound = `{"variants": {"on": true, "off": false}, "defaultVariant": "off"}`
	for document, want := range map[string]string{
		`{"flags": {"a": ` + sound + `}}`: "",
		`{"flags": {}}`:                   "",
		"on":                              "",
		`{"flags": {"a": ` + sound + `, "b": {"variants": {"on": true}, "defaultVariant": "on", "targetting": {}}, "c": {"variants": {"on": true}, "targeting": {"==": [1, 2], "and": [false]}}}}`: `has a mistake as flags: flags.b.targetting: is unknown and ignored; write "targeting"; flags.c.targeting: {"==", "and"}: an operation has one operator; join them with "and" or "or"`,
		`{"variants": {"on": true}, "defaultVariant": "on", "default": "off"}`: `is suspicious as flags: default: is unknown and ignored; write "defaultVariant"`,
	} {
		r := Read(FormatFlags, "", &Content{Exists: true, Data: []byte(document)})
		if r.Value == nil || r.Refused != nil {
			t.Fatalf("%s: %v", document, r.Refused)
		}
		if got := FindingsText(FormatFlags, "", r); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s: %s", document, got)
		}
	}
	var many []string
	for i := range 3000 {
		many = append(many, fmt.Sprintf(`"%d": {}`, i))
	}
	r := Read(FormatFlags, "", &Content{Exists: true, Data: []byte(`{"flags": {` + strings.Join(many, ",") + `}}`)})
	if len(r.Findings) != lint.MostFindings {
		t.Errorf("%d findings", len(r.Findings))
	}
}
