package flag

import (
	"testing"
	"time"
)

// No input panics, loops, or takes long; no evaluation does either.
func FuzzParse(f *testing.F) {
	for _, document := range []string{
		"on", "25%", "0.5", "100", shop, `{"variants": {"a": 1}, "targeting": {"var": ""}}`,
		`{"variants": {"a": 1}, "targeting": {"reduce": [{"var": "list"}, {"cat": [{"var": "accumulator"}, {"var": "accumulator"}]}, "x"]}}`,
		`{"variants": {"a": 1}, "targeting": {"fractional": [{"var": "email"}, [{"var": "x"}, {"var": "y"}], ["b", 2]]}}`,
		`{"variants": {"a": 1}, "targeting": {"missing_some": [1, {"map": [{"var": "list"}, {"substr": [{"var": ""}, -1]}]}]}}`,
		`{"flags": [{"key": "k", "variants": {"a": {}}, "targeting": {"sem_ver": [{"var": "version"}, "^", "1"]}}]}`,
	} {
		f.Add([]byte(document))
	}
	ctx := Map{"targetingKey": "visitor", "email": "ada@example.com", "version": "1.2.3", "list": []any{1.0, "2", nil, []any{"x"}}, "object": map[string]any{"a": 1}}
	f.Fuzz(func(t *testing.T, document []byte) {
		start := time.Now()
		for _, parse := range []func([]byte) (*Set, error){Parse, ParseDecider} {
			set, _ := parse(document)
			for _, key := range append(set.Keys(), "", "k") {
				for _, fallback := range []any{false, "x", 1, int64(1), 1.5, map[string]any{}, nil} {
					checkEvaluation(t, set.Evaluate(key, fallback, ctx))
					checkEvaluation(t, set.Evaluate(key, fallback, nil))
				}
				set.Attributes(key)
				set.Static(key)
			}
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func checkEvaluation(t *testing.T, ev Evaluation) {
	t.Helper()
	if ev.Reason == "" || (ev.Reason == ReasonError) != (ev.ErrorCode != "") || (ev.ErrorCode == "") != (ev.ErrorMessage == "") {
		t.Errorf("%+v", ev)
	}
}
