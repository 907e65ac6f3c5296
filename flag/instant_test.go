package flag

import (
	"testing"
	"time"
)

// The time of the evaluation may be compared with texts: 2000 has passed, and 2100 has not come.
func TestInstants(t *testing.T) {
	for rule, want := range map[string]bool{
		`{">=": [{"var": "$flagd.timestamp"}, "2000-01-01T00:00:00Z"]}`:                         true,
		`{">": [{"var": "$flagd.timestamp"}, "2000-01-01T00:00:00+02:00"]}`:                     true,
		`{">=": [{"var": ["$flagd.timestamp"]}, "2100-01-01T00:00:00Z"]}`:                       false,
		`{"<": [{"var": "$flagd.timestamp"}, "2100-01-01T00:00:00Z"]}`:                          true,
		`{"<=": ["2100-01-01T00:00:00Z", {"var": "$flagd.timestamp"}]}`:                         false,
		`{"<=": ["2000-01-01T00:00:00.5-11:30", {"var": "$flagd.timestamp"}]}`:                  true,
		`{"<=": ["2000-01-01T00:00:00Z", {"var": "$flagd.timestamp"}, "2100-01-01T00:00:00Z"]}`: true,
		`{"<": ["2000-01-01T00:00:00Z", {"var": "$flagd.timestamp"}, "2001-01-01T00:00:00Z"]}`:  false,
		`{"==": [{"var": "$flagd.timestamp"}, "2000-01-01T00:00:00Z"]}`:                         false,
		`{"!=": ["2000-01-01T00:00:00Z", {"var": "$flagd.timestamp"}]}`:                         true,

		// What is no such text, or compared with something else, is what it was.
		`{">": [{"var": "$flagd.timestamp"}, "2000-01-01"]}`:                                             false,
		`{">": [{"var": "$flagd.timestamp"}, "2000-01-01T00:00:00"]}`:                                    false,
		`{">": [{"var": "$flagd.timestamp"}, {"cat": "2000-01-01T00:00:00Z"}]}`:                          false,
		`{">": [{"var": "$flagd.timestamp"}, "946684800"]}`:                                              true,
		`{"!==": [{"var": "$flagd.timestamp"}, "2000-01-01T00:00:00Z"]}`:                                 true,
		`{"==": [{"var": "at"}, "2000-01-01T00:00:00Z", {"var": "$flagd.timestamp"}]}`:                   true,
		`{"<": ["2000-01-01T00:00:00Z", {"var": "three"}, {"var": "$flagd.timestamp"}]}`:                 true,
		`{"<": [1, 2, 3, "2000-01-01T00:00:00Z", {"var": "$flagd.timestamp"}]}`:                          true,
		`{"some": [[1], {">": [{"var": "$flagd.timestamp"}, "2000-01-01T00:00:00Z"]}]}`:                  false,
		`{"==": [{"var": "at"}, "2000-01-01T00:00:00Z"]}`:                                                true,
		`{"in": ["2000", {"var": ["nobody", "2000-01-01T00:00:00Z"]}]}`:                                  true,
		`{"or": [{">": [{"var": "$flagd.timestamp"}]}, {"<": [{"var": "$flagd.timestamp"}, "", null]}]}`: false,
	} {
		set, err := Parse([]byte(`{"variants": {"true": true, "false": false}, "targeting": ` + rule + `}`))
		if err != nil {
			t.Fatal(err)
		}
		if ev := set.Evaluate("a", nil, Map{"at": "2000-01-01T00:00:00Z", "three": "3"}); ev.Value != want {
			t.Errorf("%s: %+v", rule, ev)
		}
	}
}

// A constant that flags share through an evaluator stays a text for the others.
func TestInstantOfAnEvaluator(t *testing.T) {
	set, err := Parse([]byte(`{"$evaluators": {"launch": "2000-01-01T00:00:00Z", "now": {"var": "$flagd.timestamp"}}, "flags": {
		"time": {"variants": {"true": true, "false": false}, "targeting": {">": [{"$ref": "now"}, {"$ref": "launch"}]}},
		"text": {"variants": {"true": true, "false": false}, "targeting": {"==": [{"var": "at"}, {"$ref": "launch"}]}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"time", "text"} {
		if ev := set.Evaluate(key, false, Map{"at": "2000-01-01T00:00:00Z"}); ev.Value != true {
			t.Errorf("%s: %+v", key, ev)
		}
	}
}

// It is on from the second that the text names.
func TestInstantBegins(t *testing.T) {
	at := time.Now().Add(2 * time.Second).UTC().Truncate(time.Second)
	set, err := Parse([]byte(`{"variants": {"true": true, "false": false}, "targeting": {">=": [{"var": "$flagd.timestamp"}, "` + at.Format(time.RFC3339) + `"]}}`))
	if err != nil {
		t.Fatal(err)
	}
	for on := false; !on; time.Sleep(5 * time.Millisecond) {
		before := time.Now()
		on = set.Evaluate("", false, nil).Value == true
		if after := time.Now(); on && after.Before(at) || !on && !before.Before(at) {
			t.Fatalf("%v between %v and %v, for %v", on, before, after, at)
		}
	}
}
