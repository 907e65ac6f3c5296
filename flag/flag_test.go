package flag

import (
	"reflect"
	"strings"
	"testing"
)

const shop = `{
	"$schema": "https://flagd.dev/schema/v0/flags.json",
	"metadata": {"team": "shop", "tier": 1, "none": null},
	"$evaluators": {
		"staff": {"ends_with": [{"var": "email"}, "@example.com"]},
		"staff abroad": {"and": [{"$ref": "staff"}, {"!=": [{"var": "country"}, "de"]}]},
		"circle": {"!": {"$ref": "circle"}}
	},
	"flags": {
		"word": {"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "on", "metadata": {"tier": 2}},
		"color": {"state": "ENABLED", "variants": {"warm": "#f00", "cold": "#00f"}, "defaultVariant": "cold",
			"targeting": {"if": [{"$ref": "staff"}, "warm"]}},
		"abroad": {"variants": {"true": 1, "false": 0}, "defaultVariant": "false", "targeting": {"$ref": "staff abroad"}},
		"ratio": {"variants": {"half": 0.5, "three": 3, "huge": 1e300}, "defaultVariant": "three",
			"targeting": {"var": "ratio"}},
		"layout": {"variants": {"wide": {"columns": 3}}, "defaultVariant": "wide"},
		"sleeping": {"state": "DISABLED", "variants": {"on": true}, "defaultVariant": "on", "targeting": {"nonsense": 1}},
		"no default": {"variants": {"on": true, "off": false}, "defaultVariant": null, "targeting": {"if": [{"var": "go"}, "on"]}},
		"empty targeting": {"variants": {"on": true}, "defaultVariant": "on", "targeting": {}},
		"unknown operation": {"variants": {"on": true}, "defaultVariant": "on", "targeting": {"nonsense": [1]}},
		"unknown evaluator": {"variants": {"on": true}, "defaultVariant": "on", "targeting": {"if": [{"$ref": "nobody"}, "on"]}},
		"circle": {"variants": {"on": true}, "defaultVariant": "on", "targeting": {"$ref": "circle"}},
		"bad default": {"variants": {"on": true}, "defaultVariant": "of"},
		"bad state": {"state": "enabled", "variants": {"on": true}},
		"no variants": {"defaultVariant": "on"},
		"number": 5
	}
}`

func TestEvaluate(t *testing.T) {
	set, err := Parse([]byte(shop))
	if err != nil {
		t.Fatal(err)
	}
	staff := Map{"email": "a@example.com", "country": "fr"}
	for _, c := range []struct {
		key      string
		fallback any
		ctx      Context
		value    any
		variant  string
		reason   string
		code     string
	}{
		{"word", false, nil, true, "on", ReasonStatic, ""},
		{"word", "x", nil, "x", "", ReasonError, ErrorTypeMismatch},
		{"word", int64(1), nil, int64(1), "", ReasonError, ErrorTypeMismatch},
		{"word", nil, nil, true, "on", ReasonStatic, ""},
		{"color", "x", staff, "#f00", "warm", ReasonTargetingMatch, ""},
		{"color", "x", Map{}, "#00f", "cold", ReasonDefault, ""},
		{"color", "x", nil, "#00f", "cold", ReasonDefault, ""},
		{"color", true, staff, true, "", ReasonError, ErrorTypeMismatch},
		{"abroad", 7.0, staff, 1.0, "true", ReasonTargetingMatch, ""},
		{"abroad", 7.0, Map{"email": "a@example.com", "country": "de"}, 0.0, "false", ReasonTargetingMatch, ""},
		{"ratio", int64(9), Map{"ratio": "three"}, int64(3), "three", ReasonTargetingMatch, ""},
		{"ratio", 9, Map{"ratio": "three"}, int64(3), "three", ReasonTargetingMatch, ""},
		{"ratio", 9.0, Map{"ratio": "three"}, 3.0, "three", ReasonTargetingMatch, ""},
		{"ratio", 9, Map{"ratio": "half"}, int64(9), "", ReasonError, ErrorTypeMismatch},
		{"ratio", 9, Map{"ratio": "huge"}, int64(9), "", ReasonError, ErrorTypeMismatch},
		{"ratio", 9.0, Map{"ratio": "quarter"}, 9.0, "", ReasonError, ErrorGeneral},
		{"ratio", 9.0, Map{"ratio": []any{"half"}}, 0.5, "half", ReasonTargetingMatch, ""},
		{"ratio", 9.0, Map{"ratio": ""}, 9.0, "", ReasonError, ErrorGeneral},
		{"ratio", []string{"x"}, nil, []string{"x"}, "", ReasonError, ErrorTypeMismatch},
		{"layout", map[string]any{}, nil, map[string]any{"columns": 3.0}, "wide", ReasonStatic, ""},
		{"sleeping", false, nil, false, "", ReasonDisabled, ""},
		{"no default", true, nil, true, "", ReasonDefault, ""},
		{"no default", false, Map{"go": 1}, true, "on", ReasonTargetingMatch, ""},
		{"no default", 3, nil, int64(3), "", ReasonDefault, ""},
		{"empty targeting", false, nil, true, "on", ReasonStatic, ""},
		{"unknown operation", false, nil, false, "", ReasonError, ErrorParse},
		{"unknown evaluator", false, nil, false, "", ReasonError, ErrorParse},
		{"circle", false, nil, false, "", ReasonError, ErrorParse},
		{"bad default", false, nil, false, "", ReasonError, ErrorParse},
		{"bad state", false, nil, false, "", ReasonError, ErrorParse},
		{"no variants", false, nil, false, "", ReasonError, ErrorParse},
		{"number", false, nil, false, "", ReasonError, ErrorParse},
		{"nobody", "x", nil, "x", "", ReasonError, ErrorFlagNotFound},
		{"", "x", nil, "x", "", ReasonError, ErrorFlagNotFound},
	} {
		ev := set.Evaluate(c.key, c.fallback, c.ctx)
		if !reflect.DeepEqual(ev.Value, c.value) || ev.Variant != c.variant || ev.Reason != c.reason || ev.ErrorCode != c.code {
			t.Errorf("%s, %v, %v: %+v", c.key, c.fallback, c.ctx, ev)
		}
		if (ev.ErrorCode == "") != (ev.ErrorMessage == "") {
			t.Errorf("%s: code %q, message %q", c.key, ev.ErrorCode, ev.ErrorMessage)
		}
	}
}

func TestMetadata(t *testing.T) {
	set, _ := Parse([]byte(shop))
	for key, want := range map[string]map[string]any{
		"word":     {"team": "shop", "tier": 2.0},
		"color":    {"team": "shop", "tier": 1.0},
		"sleeping": {"team": "shop", "tier": 1.0},
		"nobody":   {"team": "shop", "tier": 1.0},
		"circle":   {"team": "shop", "tier": 1.0},
	} {
		if got := set.Evaluate(key, nil, nil).Metadata; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v", key, got)
		}
	}
}

func TestFlagsInAList(t *testing.T) {
	set, err := Parse([]byte(`{"flags": [{"key": "a", "variants": {"on": true}, "defaultVariant": "on"}]}`))
	if err != nil || set.Evaluate("a", false, nil).Value != true {
		t.Errorf("%v, %v", set, err)
	}
	for _, list := range []string{`[{"variants": {}}]`, `[{"key": "a"}, {"key": "a"}]`, `[1]`, `"a"`, `null`} {
		if _, err := Parse([]byte(`{"flags": ` + list + `}`)); err == nil {
			t.Errorf("%s: no error", list)
		}
	}
}

func TestWords(t *testing.T) {
	for word, want := range map[string]bool{
		"true": true, "on": true, " Yes\n": true, "ENABLED": true, "1": true,
		"false": false, "Off": false, "no": false, "disabled\t": false, "0": false,
	} {
		set, err := Parse([]byte(word))
		if err != nil {
			t.Errorf("%q: %v", word, err)
			continue
		}
		for _, key := range []string{"", "any"} {
			ev := set.Evaluate(key, !want, nil)
			if ev.Value != want || ev.Reason != ReasonStatic || ev.ErrorCode != "" {
				t.Errorf("%q: %+v", word, ev)
			}
		}
		if !set.Static("") {
			t.Errorf("%q is not static", word)
		}
	}
}

func TestErrorsNameWhatIsWrong(t *testing.T) {
	for document, wanted := range map[string]string{
		"":                 "is empty",
		" \n":              "is empty",
		"maybe":            `"maybe"`,
		"25":               `"25"`,
		"101%":             "between 0 and 100",
		"1.5":              "between 0 and 1",
		"-1%":              `"-1%"`,
		"0.25.1":           `"0.25.1"`,
		"0.12345678901":    "too many decimals",
		"%":                `"%"`,
		"{":                "JSON",
		`{"variants": {}}`: `"variants"`,
		`{"variants": {"a": 1}, "defaultVariant": "b"}`:                                                `none of the variants "a"`,
		`{"variants": {"a": 1}, "targeting": {"iff": 1}}`:                                              `"iff"`,
		`{"variants": {"a": 1}, "targeting": {"$ref": "x"}}`:                                           `"x"`,
		`{"variants": {"a": 1}, "targeting": ` + nested(MaxDepth+1) + `}`:                              "deeper",
		`{"variants": {"a": 1}, "targeting": {"and": [` + strings.Repeat("1,", MaxOperations) + `1]}}`: "operations",
		`{"flags": {}, "metadata": 1}`:                                                                 `"metadata"`,
		`{"flags": {}, "$evaluators": []}`:                                                             `"$evaluators"`,
		strings.Repeat(" ", MaxDocument+1):                                                             "bytes",
	} {
		set, err := Parse([]byte(document))
		if err == nil || !strings.Contains(err.Error(), wanted) {
			t.Errorf("%.80s: %v", document, err)
		}
		ev := set.Evaluate("any", true, nil)
		if ev.Value != true || ev.ErrorCode != ErrorParse || ev.Reason != ReasonError {
			t.Errorf("%.80s: %+v", document, ev)
		}
	}
}

func nested(depth int) string {
	return strings.Repeat(`{"!": `, depth) + "1" + strings.Repeat("}", depth)
}

func TestErrOfOneFlag(t *testing.T) {
	set, _ := Parse([]byte(shop))
	if err := set.Err("bad default"); err == nil || !strings.Contains(err.Error(), `flag "bad default"`) {
		t.Errorf("%v", err)
	}
	for _, key := range []string{"word", "nobody"} {
		if err := set.Err(key); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
	if keys := set.Keys(); len(keys) != 15 || keys[0] != "abroad" {
		t.Errorf("keys %q", keys)
	}
}

func TestWhatAFlagRefersTo(t *testing.T) {
	for targeting, want := range map[string]struct {
		names  string
		closed bool
		static bool
	}{
		`"on"`:                             {"", true, true},
		`{"==": [1, 1]}`:                   {"", true, true},
		`{"fractional": ["x", ["on", 1]]}`: {"", true, true},
		`{"var": "b"}`:                     {"b", true, false},
		`{"and": [{"var": "b"}, {"var": ["a.c", {"var": "d"}]}]}`: {"a.c b d", true, false},
		`{"missing": ["a", "b"]}`:                                 {"a b", true, false},
		`{"missing_some": [1, ["a", "b"]]}`:                       {"a b", true, false},
		`{"missing": [["a", "b"]]}`:                               {"a b", true, false},
		`{"missing": {"var": "x"}}`:                               {"x", false, false},
		`{"var": {"cat": ["a", "b"]}}`:                            {"", false, false},
		`{"var": ""}`:                                             {"", false, false},
		`{"var": "$flagd.timestamp"}`:                             {"", true, false},
		`{"var": "$flagd.flagKey"}`:                               {"", true, true},
		`{"fractional": [["on", 1]]}`:                             {"targetingKey", true, false},
		`{"fractional": [{"var": "a"}, ["on", 1]]}`:               {"a targetingKey", true, false},
		`{"map": [{"var": "list"}, {"var": "name"}]}`:             {"list", true, false},
		`{"reduce": [{"var": "l"}, {"var": "current"}, 0]}`:       {"l", true, false},
	} {
		set, err := Parse([]byte(`{"variants": {"on": true}, "targeting": ` + targeting + `}`))
		if err != nil {
			t.Errorf("%s: %v", targeting, err)
			continue
		}
		names, closed := set.Attributes("")
		if strings.Join(names, " ") != want.names || closed != want.closed || set.Static("") != want.static {
			t.Errorf("%s: %q, %v, static %v", targeting, names, closed, set.Static(""))
		}
	}
}

// A variant keeps all digits of a whole number, also within lists and objects.
func TestLongNumbers(t *testing.T) {
	set, err := Parse([]byte(`{"variants": {"long": 9007199254740993, "least": -9223372036854775808, "more": 1234567890123456.5, "beyond": 92233720368547758080, "in": {"a": [9007199254740993, 1]}}, "defaultVariant": "long", "targeting": {"var": "v"}}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{
		"long": int64(9007199254740993), "least": int64(-9223372036854775808), "more": 1234567890123456.5, "beyond": 92233720368547758080.0,
		"in": map[string]any{"a": []any{int64(9007199254740993), 1.0}},
	} {
		if got := set.Evaluate("", nil, Map{"v": name}).Value; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if got := set.Evaluate("", int64(0), nil).Value; got != int64(9007199254740993) {
		t.Errorf("as an integer: %v", got)
	}
	if got := set.Evaluate("", 0.5, nil).Value; got != 9007199254740992.0 {
		t.Errorf("as a float: %v", got)
	}
}

// A byte order mark is no part of a document.
func TestByteOrderMark(t *testing.T) {
	for _, text := range []string{"on", "100%", `{"variants":{"a":true},"defaultVariant":"a"}`, `{"flags":{"k":{"variants":{"a":true},"defaultVariant":"a"}}}`} {
		set, err := Parse([]byte("\ufeff" + text))
		if err != nil || set.Evaluate("k", false, nil).Value != true {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := Parse([]byte("\ufeff")); err != errEmpty {
		t.Error(err)
	}
}
