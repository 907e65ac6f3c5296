//go:build !race

package flag

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"
)

func TestWhatIsMadeIsPaidFor(t *testing.T) {
	for name, rule := range hostile {
		for _, n := range []int{10, 100, 1000, 4000} {
			t.Run(fmt.Sprint(name, " ", n), func(t *testing.T) { checkCost(t, targetedBy(rule(n)), hostileContext(n)) })
		}
	}
}

// Twice the size takes at most two and a half times as much.
func TestCostGrowsWithTheSize(t *testing.T) {
	for name, rule := range hostile {
		one, two := costAt(t, rule, 400), costAt(t, rule, 800)
		if float64(two) > 2.5*float64(one)+64<<10 {
			t.Errorf("%s: %d bytes, but %d for twice the size", name, one, two)
		}
	}
	for name, document := range map[string]func(n int) string{
		"flags": func(n int) string {
			flags := `{"flags": {"z": 1`
			for i := 0; i < n; i++ {
				flags += fmt.Sprintf(`, "%d": {"variants": {"on": true}, "targeting": {"$ref": "e"}}`, i)
			}
			return flags + `}, "$evaluators": {"e": {"and": ` + listOf(400, `{"var": "x"}`) + `}}}`
		},
		"listed flags": func(n int) string { return `{"flags": [{"key": "z"}` + strings.Repeat(`, 1`, n) + `]}` },
		"evaluators": func(n int) string {
			evaluators := `{"flags": {"a": {"variants": {"on": true}, "targeting": {"$ref": "e0"}}}, "$evaluators": {"z": 1`
			for i := 0; i < n; i++ {
				evaluators += fmt.Sprintf(`, "e%d": {"and": [{"$ref": "e%d"}, {"$ref": "e%d"}]}`, i, i+1, i+2)
			}
			return evaluators + `}}`
		},
		"variants": func(n int) string { return `{"variants": ` + wideObject(n) + `}` },
		"metadata": func(n int) string { return `{"flags": {"a": {}}, "metadata": ` + wideObject(n) + `}` },
		"members":  func(n int) string { return wideObject(n) },
		"depth":    func(n int) string { return strings.Repeat(`{"variants":`, n) + "1" + strings.Repeat("}", n) },
	} {
		one, _ := costOfCompiling(document(400), keysOf(400)...)
		two, _ := costOfCompiling(document(800), keysOf(800)...)
		if float64(two.bytes) > 2.5*float64(one.bytes)+64<<10 {
			t.Errorf("%s: %d bytes, but %d for twice the size", name, one.bytes, two.bytes)
		}
	}
}

func costAt(t *testing.T, rule func(n int) string, n int) uint64 {
	t.Helper()
	compiling, set := costOfCompiling(targetedBy(rule(n)), "a")
	evaluating, _ := costOfEvaluating(set, hostileContext(n))
	return compiling.bytes + evaluating.bytes
}

// FuzzCost looks for a rule whose making isn't paid for.
func FuzzCost(f *testing.F) {
	for seed := int64(0); seed < 400; seed++ {
		f.Add(seed, uint16(200))
	}
	f.Fuzz(func(t *testing.T, seed int64, size uint16) {
		g := &grower{random: rand.New(rand.NewSource(seed)), size: int(size)%1000 + 1}
		checkCost(t, targetedBy(g.rule(4)), hostileContext(g.size))
	})
}

// grower writes rules that make as much as they can of a size.
type grower struct {
	random *rand.Rand
	size   int
}

func (g *grower) one(forms ...string) string { return forms[g.random.Intn(len(forms))] }

func (g *grower) rule(depth int) string {
	if depth == 0 {
		return g.one(`{"var": ""}`, `{"var": "list"}`, `{"var": "long"}`, `{"var": "digits"}`, `{"var": "dots"}`, `{"var": "lists"}`, `{"var": "deep"}`, `{"var": "typed"}`, `{"var": "accumulator"}`,
			`"`+strings.Repeat("a", g.size)+`"`, listOf(g.size, "1"), listOf(g.size, `"a"`), `{"var": "`+strings.Repeat("0.", g.size%100)+`0"}`, "1")
	}
	a, b := g.rule(g.random.Intn(depth)), g.rule(g.random.Intn(depth))
	unary := g.one("lower", "upper", "split", "!", "var", "missing", "cat", "+", "max", "merge", "log", "-", "substr")
	binary := g.one("==", "<", "===", "in", "cat", "merge", "missing_some", "substr", "var", "-", "%", "starts_with", "map", "filter", "all", "some", "reduce", "or", "sem_ver", "in_network", "fractional", "split")
	few := g.random.Intn(20) + 1
	return g.one(
		`{"`+unary+`": [`+a+`]}`, `{"`+binary+`": [`+a+`, `+b+`]}`, `[`+a+`, `+b+`]`, `{"`+unary+`": `+listOf(few, a)+`}`,
		`{"reduce": [`+a+`, [{"var": "accumulator"}, `+b+`], `+a+`]}`, `{"reduce": [`+a+`, {"merge": [{"var": "accumulator"}, `+b+`]}, []]}`,
		`{"reduce": [`+listOf(few, "1")+`, [{"var": "accumulator"}, {"var": "accumulator"}], `+b+`]}`, `{"reduce": [`+listOf(few, "1")+`, {"cat": [{"var": "accumulator"}, {"var": "accumulator"}]}, `+b+`]}`,
		`{"map": [`+a+`, `+b+`]}`, `{"or": `+listOf(few, `{"!": `+a+`}`)+`}`,
	)
}
