package flag

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// cost is what came of a document, and what it took.
type cost struct {
	bytes, objects uint64
	steps, nodes   int
}

// taken is what a function allocates.
func taken(do func()) (uint64, uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, after.Mallocs - before.Mallocs
}

func costOfCompiling(document string, keys ...string) (cost, *Set) {
	var set *Set
	text := []byte(document)
	bytes, objects := taken(func() {
		set, _ = Parse(text)
		for _, key := range keys {
			find(set, key)
		}
	})
	return cost{bytes: bytes, objects: objects}, set
}

func costOfEvaluating(set *Set, attributes Map) (cost, *Evaluation) {
	f := find(set, "a")
	if f == nil || f.targeting == nil {
		return cost{}, nil
	}
	r := &run{key: "a", flag: f, attributes: attributes, left: MaxSteps}
	var ev *Evaluation
	bytes, objects := taken(func() { ev = targeted(r, nil) })
	return cost{bytes: bytes, objects: objects, steps: min(MaxSteps-r.left, MaxSteps), nodes: visits(f.targeting)}, ev
}

// visits counts nodes, shared ones as often as they are referred to.
func visits(n *node) int {
	count := 1
	for _, arg := range n.args {
		count += visits(arg)
	}
	return count
}

// What is made while compiling goes by the document's length, and what is made while
// evaluating by the nodes that are visited and the steps that are paid.
func checkCost(t *testing.T, document string, attributes Map) {
	t.Helper()
	compiling, set := costOfCompiling(document, "a")
	if limit := uint64(64<<10 + 200*len(document)); compiling.bytes > limit {
		t.Errorf("%.200s: compiling %d bytes takes %d, more than %d", document, len(document), compiling.bytes, limit)
	}
	evaluating, _ := costOfEvaluating(set, attributes)
	paid := uint64(evaluating.nodes + evaluating.steps)
	if evaluating.bytes > 16<<10+1500*paid || evaluating.objects > 200+12*paid {
		t.Errorf("%.200s: evaluating takes %+v", document, evaluating)
	}
}

func targetedBy(rule string) string {
	return `{"flags": {"a": {"variants": {"on": true, "off": false}, "defaultVariant": "on", "targeting": ` + rule + `}}}`
}

func listOf(count int, item string) string {
	return "[" + strings.Repeat(item+",", count-1) + item + "]"
}

func hostileContext(n int) Map {
	list := make([]any, n)
	for i := range list {
		list[i] = strings.Repeat("x", i%7)
	}
	return Map{"long": strings.Repeat("a", 64*n), "digits": strings.Repeat("9", 64*n), "dots": strings.Repeat("a.", 32*n), "list": list, "version": "1.0.0-" + strings.Repeat("1.", 100) + "1",
		"lists": []any{list, list, list}, "deep": deepList(n), "typed": map[string][]int{"a": make([]int, n)}}
}

// hostile are rules that took time or memory without paying for it, by a size.
var hostile = map[string]func(n int) string{
	"lists that share, as text": func(n int) string {
		return `{"reduce": [` + listOf(min(n, 24), "1") + `, [{"var": "accumulator"}, {"var": "accumulator"}], ["x"]]}`
	},
	"lists that share, as a number": func(n int) string {
		return `{"+": [{"reduce": [` + listOf(min(n, 24), "1") + `, [{"var": "accumulator"}, {"var": "accumulator"}], ["x"]]}]}`
	},
	"lists that share, compared": func(n int) string {
		return `{"==": ["x", {"reduce": [` + listOf(min(n, 24), "1") + `, [{"var": "accumulator"}, {"var": "accumulator"}], ["x"]]}]}`
	},
	"lists that share, joined": func(n int) string {
		return `{"cat": [{"reduce": [` + listOf(min(n, 24), "1") + `, [{"var": "accumulator"}, {"var": "accumulator"}], ["x"]]}]}`
	},
	"lists that share, merged": func(n int) string {
		return `{"reduce": [` + listOf(min(n, 24), "1") + `, {"merge": [{"var": "accumulator"}, {"var": "accumulator"}]}, ["x"]]}`
	},
	"a long text many times in a list": func(n int) string {
		return `{"cat": [{"map": [` + listOf(n, "1") + `, "` + strings.Repeat("a", 60*n) + `"]}]}`
	},
	"cat of many":       func(n int) string { return `{"cat": ` + listOf(min(n, 4900), `{"var": "x"}`) + `}` },
	"cat behind a text": func(n int) string { return `{"cat": [{"var": "long"}, ` + listOf(min(n, 4900), "1")[1:] + `}` },
	"lower":             func(n int) string { return `{"or": ` + listOf(min(n, 1900), `{"!": {"lower": {"var": "long"}}}`) + `}` },
	"substr": func(n int) string {
		return `{"or": ` + listOf(min(n, 1900), `{"!": {"substr": [{"var": "long"}, 1]}}`) + `}`
	},
	"split": func(n int) string {
		return `{"or": ` + listOf(min(n, 1900), `{"!": {"split": [{"var": "dots"}, "."]}}`) + `}`
	},
	"everything": func(n int) string { return `{"or": ` + listOf(min(n, 1900), `{"!": {"var": ""}}`) + `}` },
	"paths":      func(n int) string { return `{"or": ` + listOf(min(n, 1900), `{"var": [{"var": "dots"}]}`) + `}` },
	"missing": func(n int) string {
		return `{"or": ` + listOf(min(n, 1900), `{"!": {"missing": [{"var": "dots"}]}}`) + `}`
	},
	"numbers":        func(n int) string { return `{"+": ` + listOf(min(n, 1900), `{"var": "digits"}`) + `}` },
	"other types":    func(n int) string { return `{"or": ` + listOf(min(n, 1900), `{"!": {"var": "typed"}}`) + `}` },
	"lists of lists": func(n int) string { return `{"map": [{"var": "lists"}, {"cat": [{"var": ""}]}]}` },
	"versions": func(n int) string {
		return `{"and": ` + listOf(min(n, 1900), `{"!": {"sem_ver": [{"var": "version"}, ">", "1.0.0-1.1"]}}`) + `}`
	},
	"buckets": func(n int) string {
		return `{"or": ` + listOf(min(n, 1900), `{"!": {"fractional": [{"var": "long"}, ["on", 1]]}}`) + `}`
	},
	"an object for each element": func(n int) string {
		return `{"reduce": [{"var": "list"}, {"var": ""}, 0]}`
	},
	"texts": func(n int) string { return `{"in": ["x", [` + listOf(n, `"a"`)[1:] + `]}` },
}

func wideObject(n int) string {
	object := `{"z": 1`
	for i := 0; i < n; i++ {
		object += fmt.Sprintf(`, "%d": {"b": [1]}`, i)
	}
	return object + "}"
}

func keysOf(n int) []string {
	list := []string{"a"}
	for i := 0; i < n; i++ {
		list = append(list, fmt.Sprint(i))
	}
	return list
}
