package flag

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

// Small rules that would take hours, or all memory, if nothing stopped them.
func TestLimitsOfAnEvaluation(t *testing.T) {
	list := `[` + strings.Repeat("1,", 99) + `1]`
	loops := `{"var": ""}`
	for i := 0; i < 8; i++ {
		loops = `{"map": [` + list + `, ` + loops + `]}`
	}
	growth := `{"var": "accumulator"}`
	for _, rule := range []string{
		loops,
		`{"reduce": [` + list + `, {"cat": [` + growth + `, ` + growth + `]}, "x"]}`,
		`{"reduce": [` + list + `, {"merge": [` + growth + `, ` + growth + `]}, [1]]}`,
		`{"all": [{"var": "long"}, true]}`,
		`{"filter": [{"var": "long"}, true]}`, `{"none": [{"var": "long"}, false]}`, `{"some": [{"var": "long"}, false]}`,
		`{"in": [2, {"var": "long"}]}`, `{"cat": [{"var": "long"}]}`, `{"==": [{"var": "long"}, "x"]}`, `{"+": [{"var": "long"}]}`, `{"var": {"var": "long"}}`, `{"missing": {"var": "long"}}`,
		`{"merge": [{"var": "long"}, 1]}`, `{"and": ` + listOf(20, `{"upper": {"var": "text"}}`) + `}`,
		`{"and": ` + listOf(20, `{"in": ["x", {"cat": ["x", {"substr": [{"var": "text"}, 1]}]}]}`) + `}`, `{"fractional": [{"var": "text"}, ["on", 1]]}`,
		`{"cat": [{"reduce": [` + list + `, [` + growth + `, ` + growth + `], [1]]}]}`,
	} {
		set, err := Parse([]byte(`{"variants": {"on": true}, "defaultVariant": "on", "targeting": {"!!": ` + rule + `}}`))
		if err != nil {
			t.Fatal(err)
		}
		long := make([]any, MaxSteps+1)
		start := time.Now()
		ev := set.Evaluate("", false, Map{"long": long, "text": strings.Repeat("Ab", MaxDocument/8)})
		if ev.ErrorCode != ErrorGeneral || ev.Value != false || ev.ErrorMessage != faultSteps && ev.ErrorMessage != faultText {
			t.Errorf("%.80s: %+v", rule, ev)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%.80s took %v", rule, took)
		}
	}
}

// Each limit refuses what is beyond it, and says which it is; what is within it is taken.
func TestLimitsOfADocument(t *testing.T) {
	flags := func(count int) string {
		return `{"flags": {"a": {"variants": {"on": true}}` + manyMembers(count-1) + `}}`
	}
	inVariants := func(value string) string {
		return `{"flags": {"a": {"variants": {"on": ` + value + `}}}}`
	}
	for what, c := range map[string]struct {
		within, beyond, wanted string
	}{
		"flags":     {flags(MaxFlags), flags(MaxFlags + 1), "flags"},
		"listed":    {`{"flags": [{"key": "a", "variants": {"on": true}}]}`, `{"flags": [{"key": "a"}` + strings.Repeat(`, 1`, MaxFlags) + `]}`, "flags"},
		"variants":  {`{"flags": {"a": {"variants": ` + wideObject(MaxVariants-1) + `}}}`, `{"flags": {"a": {"variants": ` + wideObject(MaxVariants) + `}}}`, `"variants" has more`},
		"metadata":  {`{"flags": {"a": {"variants": {"on": 1}, "metadata": ` + wideObject(MaxMetadata-1) + `}}}`, `{"flags": {"a": {"variants": {"on": 1}, "metadata": ` + wideObject(MaxMetadata) + `}}}`, `"metadata" has more`},
		"all's":     {`{"flags": {"a": {"variants": {"on": 1}}}, "metadata": ` + wideObject(MaxMetadata-1) + `}`, `{"flags": {"a": {"variants": {"on": 1}}}, "metadata": ` + wideObject(MaxMetadata) + `}`, `"metadata" has more`},
		"objects":   {inVariants(listOf(MaxObjects-1, "{}")), inVariants(listOf(MaxObjects, "{}")), "braces"},
		"a text":    {inVariants(`"` + strings.Repeat("{", 10) + `"`), inVariants(`1e999`), "JSON"},
		"entries":   {targetedBy(`{"!": [` + listOf(MaxEntries, "1") + `]}`), targetedBy(`{"!": [` + listOf(MaxEntries+1, "1") + `]}`), "entries"},
		"operands":  {targetedBy(`{"and": ` + listOf(MaxOperations-1, "1") + `}`), targetedBy(`{"and": ` + listOf(MaxOperations, "1") + `}`), "operations"},
		"names":     {targetedBy(`{"missing": [` + listOf(MaxOperations-2, `"x"`) + `]}`), targetedBy(`{"missing": [` + listOf(MaxOperations-1, `"x"`) + `]}`), "operations"},
		"a name":    {targetedBy(`{"var": "` + strings.Repeat("x", MaxName) + `"}`), targetedBy(`{"var": "` + strings.Repeat("x", MaxName+1) + `"}`), "attribute's name"},
		"in a list": {targetedBy(`{"missing": "` + strings.Repeat("x", MaxName) + `"}`), targetedBy(`{"missing": "` + strings.Repeat("x", MaxName+1) + `"}`), "attribute's name"},
		"depth":     {targetedBy(nested(MaxDepth - 1)), targetedBy(nested(MaxDepth)), "deeper"},
	} {
		set, err := Parse([]byte(c.within))
		if err != nil || set.Err("a") != nil {
			t.Errorf("%s: %v, %v", what, err, set.Err("a"))
		}
		set, _ = Parse([]byte(c.beyond))
		if fault := set.Err("a"); fault == nil || !strings.Contains(fault.Error(), c.wanted) || len(fault.Error()) > 400 {
			t.Errorf("%s: %.500v", what, fault)
		}
	}
	long := strings.Repeat("k", MaxKey)
	set, _ := Parse([]byte(`{"flags": {"` + long + `": {"variants": {"on": 1}}, "` + long + `k": {"variants": {"on": 1}}}}`))
	if set.Err(long) != nil || set.Err(long+"k") == nil || len(set.Err(long+"k").Error()) > 400 {
		t.Errorf("%v, %.500v", set.Err(long), set.Err(long+"k"))
	}
}

func manyMembers(count int) string {
	var members strings.Builder
	for i := 0; i < count; i++ {
		fmt.Fprintf(&members, `, "%d": 1`, i)
	}
	return members.String()
}

// A text is hashed by interpreted code, so a share goes by short ones only.
func TestWhatAShareGoesByIsShort(t *testing.T) {
	for _, rule := range []string{`{"fractional": [{"var": "x"}, ["on", 1]]}`, `{"fractional": [["on", 1]]}`, `{"fractional": [{"cat": [{"var": "x"}, ""]}, ["on", {"var": "weight"}]]}`} {
		for size, exceeded := range map[int]bool{MaxHashed: false, MaxHashed + 1: true} {
			set, err := Parse([]byte(`{"variants": {"on": true}, "targeting": ` + rule + `}`))
			if err != nil {
				t.Fatal(err)
			}
			text := strings.Repeat("x", size)
			if ev := set.Evaluate("", false, Map{"x": text, targetingKey: text, "weight": 1.0}); Exceeded(&ev) != exceeded || ev.Value == exceeded {
				t.Errorf("%s of %d bytes: %+v", rule, size, ev)
			}
		}
	}
}

// Whether the attributes are to blame is worked out once, however many requests there are.
func TestExcessIsWorkedOutOnce(t *testing.T) {
	long := `{"none": [{"map": [` + listOf(6000, "1") + `, {"+": [{"var": ""}, 1]}]}, false]}`
	for rule, always := range map[string]bool{`{"or": [{"!!": {"var": "x"}}, {"!!": ` + long + `}]}`: true, `{"in": ["bot", {"cat": [{"var": "x"}, {"var": "x"}]}]}`: false} {
		set, err := Parse([]byte(`{"variants": {"true": true, "false": false}, "targeting": ` + rule + `}`))
		if err != nil {
			t.Fatal(err)
		}
		if ExceedsAlone(set, "", false) != always {
			t.Errorf("%.80s: it says %v", rule, !always)
		}
		if _, objects := taken(func() { ExceedsAlone(set, "", false) }); objects > 10 {
			t.Errorf("%.80s: it takes %d objects again", rule, objects)
		}
	}
}

// The result of a rule has as many values as it would have where nothing is shared.
func TestResultsAreLimited(t *testing.T) {
	for list, valid := range map[int]bool{15: true, 24: false, 60: false} {
		rule, err := ParseRule([]byte(`{"reduce": [` + listOf(list, "1") + `, [{"var": "accumulator"}, {"var": "accumulator"}], "x"]}`))
		if err != nil {
			t.Fatal(err)
		}
		if _, err = rule.Apply(nil); (err == nil) != valid {
			t.Errorf("%d: %v", list, err)
		}
	}
	whole, _ := ParseRule([]byte(`{"var": ""}`))
	if _, err := whole.Apply(map[string][]int{"a": make([]int, 500000)}); err != nil {
		t.Errorf("the data itself: %v", err)
	}
}

func TestEvaluatorsCannotMultiply(t *testing.T) {
	evaluators := `"e0": {"var": "x"}`
	for i := 1; i < 40; i++ {
		evaluators += fmt.Sprintf(`, "e%d": {"and": [{"$ref": "e%d"}, {"$ref": "e%d"}]}`, i, i-1, i-1)
	}
	set, err := Parse([]byte(`{"$evaluators": {` + evaluators + `}, "flags": {"a": {"variants": {"on": true}, "targeting": {"$ref": "e39"}}}}`))
	if err != nil || set.Err("a") == nil {
		t.Errorf("%v, %v", err, set.Err("a"))
	}
}

func TestDepthIsLimitedInValuesToo(t *testing.T) {
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	for _, document := range []string{
		`{"variants": {"on": ` + deep + `}, "defaultVariant": "on"}`,
		`{"variants": {"on": true}, "metadata": {"deep": ` + deep + `}}`,
		`{"variants": {"on": true}, "targeting": {"cat": [{"var": ["x", {"a": 1, "b": ` + deep + `}]}]}}`,
	} {
		set, _ := Parse([]byte(document))
		set.Evaluate("", nil, Map{"x": deepList(5000)})
	}
	set, _ := Parse([]byte(`{"variants": {"on": true}, "targeting": {"==": [{"var": "x"}, 1]}}`))
	if ev := set.Evaluate("", false, Map{"x": deepList(5000)}); ev.ErrorCode != ErrorGeneral {
		t.Errorf("%+v", ev)
	}
}

func deepList(depth int) any {
	var list any = "x"
	for i := 0; i < depth; i++ {
		list = []any{list}
	}
	return list
}

// A request has all attributes of a flag looked up for it.
func TestAttributesAreLimited(t *testing.T) {
	for count, sound := range map[int]bool{MaxAttributes: true, MaxAttributes + 1: false} {
		names := make([]string, 0, count)
		for i := 0; i < count; i++ {
			names = append(names, fmt.Sprintf(`{"var": "a%d"}`, i))
		}
		half := count / 2
		document := `{"flags": {"f": {"variants": {"on": true}, "targeting": {"or": [` + strings.Join(names[:half], ", ") + `, {"$ref": "rest"}]}}},
			"$evaluators": {"rest": {"or": [` + strings.Join(names[half:], ", ") + `]}}}`
		set, err := Parse([]byte(document))
		if err != nil {
			t.Fatal(err)
		}
		if err := set.Err("f"); (err == nil) != sound {
			t.Errorf("%d attributes: %v", count, err)
		}
	}
}

// What nothing makes a difference to is evaluated once, and comes out as it did.
func TestOnlySettlesWhatIsStatic(t *testing.T) {
	for _, rule := range []string{
		`{"if": [{"in": ["a", ["a", "b"]]}, "on", "off"]}`, `{"var": "$flagd.flagKey"}`, `null`, `{"cat": ["o", "n"]}`, `"none"`, `["on"]`, `{"fractional": ["x", ["on", 1], ["off", 1]]}`,
		`{"reduce": [[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1], [{"var": "accumulator"}, {"var": "accumulator"}], ["x"]]}`,
	} {
		set, err := Parse([]byte(`{"flags": {"on": {"variants": {"on": true, "off": false}, "defaultVariant": "off", "targeting": ` + rule + `}}}`))
		if err != nil {
			t.Fatal(err)
		}
		only := set.Only("on")
		if only.lone.static && only.lone.targeting != nil && only.lone.targeting.op != opConstant {
			t.Errorf("%s is evaluated each time", rule)
		}
		for _, fallback := range []any{false, true, nil, "text"} {
			want, got := set.Evaluate("on", fallback, nil), only.Evaluate("on", fallback, nil)
			if !reflect.DeepEqual(want, got) {
				t.Errorf("%s, fallback %v: %+v, want %+v", rule, fallback, got, want)
			}
		}
	}
}

// A document may have as many flags as it likes: to evaluate one that it lacks takes no
// longer.
func TestMissingFlagsOfLargeDocuments(t *testing.T) {
	allocations := func(flags int) float64 {
		var document strings.Builder
		for i := range flags {
			fmt.Fprintf(&document, `,"flag%d":{"variants":{"on":true},"defaultVariant":"on"}`, i)
		}
		set, err := Parse([]byte(`{"flags":{` + strings.TrimPrefix(document.String(), ",") + `}}`))
		if err != nil {
			t.Fatal(err)
		}
		return testing.AllocsPerRun(10, func() {
			if ev := set.Evaluate("missing", false, nil); ev.ErrorCode != ErrorFlagNotFound {
				t.Fatalf("%+v", ev)
			}
		})
	}
	if few, many := allocations(5), allocations(5000); many > few {
		t.Errorf("with 5 flags there are %.0f allocations, with 5000 %.0f", few, many)
	}
}
