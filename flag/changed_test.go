package flag

import (
	"strings"
	"testing"
)

// What has changed between two documents is told by the flags' keys.
func TestChangedTellsTheKeysOfFlagsThatDiffer(t *testing.T) {
	const (
		two      = `{"flags": {"a": {"variants": {"on": true}}, "b": {"variants": {"on": true}}}}`
		edited   = `{"flags": {"a": {"variants": {"on": true}}, "b": {"variants": {"on": false}}}}`
		one      = `{"flags": {"a": {"variants": {"on": true}}}}`
		metadata = `{"metadata": {"team": "x"}, "flags": {"a": {"variants": {"on": true}}, "b": {"variants": {"on": true}}}}`
		rules    = `{"$evaluators": {"r": {"==": [1, 1]}}, "flags": {"a": {"variants": {"on": true}}, "b": {"variants": {"on": true}}}}`
		others   = `{"$evaluators": {"r": {"==": [1, 2]}}, "flags": {"a": {"variants": {"on": true}}, "b": {"variants": {"on": true}}}}`
		renamed  = `{"$evaluators": {"s": {"==": [1, 1]}}, "flags": {"a": {"variants": {"on": true}}, "b": {"variants": {"on": true}}}}`
	)
	for _, c := range []struct{ from, to, changed string }{
		{"", "", ""},
		{"", two, "a b"},
		{two, "", "a b"},
		{two, two, ""},
		{two, edited, "b"},
		{two, one, "b"},
		{one, two, "b"},
		{two, metadata, "a b"},
		{metadata, metadata, ""},
		{two, rules, "a b"},
		{rules, others, "a b"},
		{rules, renamed, "a b"},
		{rules, rules, ""},
		{two, "on", "<one flag> a b"},
		{"on", "off", "<one flag>"},
		{"off", "", "<one flag>"},
	} {
		keys := Changed(setFrom(t, c.from), setFrom(t, c.to))
		if len(keys) > 0 && keys[0] == "" {
			keys[0] = "<one flag>"
		}
		changed := strings.Join(keys, " ")
		if changed != c.changed {
			t.Errorf("from %s to %s: %q, not %q", c.from, c.to, changed, c.changed)
		}
	}
	set := setFrom(t, "on")
	if changed := Changed(set, set.Salted("other")); len(changed) != 0 {
		t.Errorf("a single flag with another salt: %q", changed)
	}
}

func setFrom(t *testing.T, document string) *Set {
	t.Helper()
	if document == "" {
		return nil
	}
	set, err := Parse([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	return set
}
