package flag_test

import (
	"strings"
	"testing"
)

// What is wrong with a definition is found interpreted as it is compiled.
func TestInterpretedFindingsAreAsCompiled(t *testing.T) {
	a, b := compiled(), interpreted(t)
	const user = `{"==": [{"var": "headers.x-user"}, "ada"]}`
	for _, c := range []struct{ targeting, place string }{
		{`{"if": [{"==": [1, 2], "and": [false]}, "on", "off"]}`, "targeting.if[0]"},
		{`{"if": [{"and": [` + user + `, {"startswith": [1]}]}, "on"]}`, "targeting.if[0].and[1]"},
		{`{"if": [` + user + `, "onn", "off"]}`, "targeting.if[1]"},
		{`{"fractional": [["on", 99.5], ["off", 0.5]]}`, "targeting.fractional[0][1]"},
		{`{"fractional": [["on", 0], ["off", 0]]}`, "targeting.fractional"},
		{`{"if": [{"sem_ver": [{"var": "headers.x-v"}, "==", "1.2.x"]}, "on", "off"]}`, "targeting.if[0].sem_ver[2]"},
		{`{"if": [{">": [{"var": "$flagd.timestmp"}, 1]}, "on", "off"]}`, "targeting.if[0].>[0].var"},
		{`{"if": [true, "on", "off"]}`, "targeting.if[2]"},
		{`{"if": [{"==": [1, 1], "==": [1, 2]}, "on", "off"]}`, "targeting.if[0]"},
		{`{"rollout": ["2026-01-01", 2, "on"]}`, "targeting.rollout[0]"},
		{`{"if": [{"$ref": "wo"}, "on", "off"]}`, "targeting.if[0]"},
		{`["if", true, "on"]`, "targeting"},
		{user, "targeting"},
		{`{"if": [` + user + `, "on", "off"]}`, ""},
		{`{"fractional": [["on", 1], ["off", 1]]}`, ""},
	} {
		document := `{"flags": {"a": {"variants": {"on": true, "off": false}, "defaultVariant": "off", "targeting": ` + c.targeting + `}}, "$evaluators": {"who": ` + user + `}}`
		one, two := a.findings(document, "a"), b.findings(document, "a")
		if one != two || c.place == "" && one != "" || !strings.Contains(one, " "+c.place+": ") && c.place != "" {
			t.Errorf("%s: found is\n%s\ncompiled, and\n%s\ninterpreted", c.targeting, one, two)
		}
	}
}
