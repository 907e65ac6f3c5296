package flag_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// nodeSize is what a node of ZooKeeper holds.
const nodeSize = 1 << 20

// filled repeats a part until a node is full.
func filled(head, tail string, part func(i int) string) string {
	var document strings.Builder
	document.WriteString(head)
	for i := 0; document.Len() < nodeSize-200-len(tail); i++ {
		if i > 0 {
			document.WriteString(",")
		}
		document.WriteString(part(i))
	}
	return document.String() + tail
}

func always(text string) func(int) string { return func(int) string { return text } }

func numbered(format string) func(int) string {
	return func(i int) string { return fmt.Sprintf(format, i) }
}

func listOf(count int, item string) string {
	return "[" + strings.Repeat(item+",", count-1) + item + "]"
}

const targetingHead = `{"flags":{"a":{"variants":{"on":true,"off":false},"defaultVariant":"on","targeting":`

func targetedBy(rule string) string { return targetingHead + rule + "}}}" }

func filledTargeting(head, tail string, part func(i int) string) string {
	return filled(targetingHead+head, tail+"}}}", part)
}

// hostileNodes are what strangers may write into a node.
func hostileNodes() map[string]string {
	shared := `{"reduce":[` + listOf(40, "1") + `,[{"var":"accumulator"},{"var":"accumulator"}],["x"]]}`
	flagHead := `{"flags":{"a":{"variants":{"on":true},"targeting":{"$ref":"e0"}}},"$evaluators":{`
	return map[string]string{
		"lists that share":            targetedBy(shared),
		"lists that share, a number":  targetedBy(`{"+":[` + shared + `]}`),
		"lists that share, compared":  targetedBy(`{"==":[` + shared + `,"x"]}`),
		"lists that share, joined":    targetedBy(`{"cat":[` + shared + `]}`),
		"many texts joined":           targetedBy(`{"cat":[{"var":"long"},` + listOf(9990, "1")[1:] + `}`),
		"many long texts":             targetedBy(`{"or":` + listOf(1990, `{"!":{"lower":{"var":"huge"}}}`) + `}`),
		"many versions":               targetedBy(`{"and":` + listOf(1990, `{"!":{"sem_ver":[{"var":"version"},">","1.0.0-1.1"]}}`) + `}`),
		"many numbers":                targetedBy(`{"max":` + listOf(4900, `{"var":"huge"}`) + `}`),
		"many buckets":                targetedBy(`{"or":` + listOf(1990, `{"!":{"fractional":[{"var":"huge"},["on",1]]}}`) + `}`),
		"many times everything":       targetedBy(`{"or":` + listOf(3000, `{"!":{"var":""}}`) + `}`),
		"a list of texts":             filledTargeting(`{"if":[{"in":[{"lower":{"var":"x"}},[`, `]]},"on","off"]}`, numbered(`"u%d@x"`)),
		"a list of numbers":           filledTargeting(`{"if":[{"in":[{"var":"x"},[`, `]]},"on","off"]}`, numbered("1%06d")),
		"a list of both":              filledTargeting(`{"if":[{"in":[{"var":"x"},[`, `]]},"on","off"]}`, numbered(`"a%[1]d",%[1]d`)),
		"many lists":                  filledTargeting(`{"or":[`, `]}`, always(`{"in":[{"var":"x"},`+listOf(70, "1")+`]}`)),
		"a million operands":          filledTargeting(`{"and":[`, `]}`, always("1")),
		"as many operations":          filledTargeting(`{"and":[`, `]}`, always(`{"!":1}`)),
		"lists in lists":              filledTargeting(`[`, `]`, always(`[[1],[1]]`)),
		"objects in a variant":        filled(`{"variants":{"on":true,"x":[`, `]},"defaultVariant":"on"}`, always(`{"a":0}`)),
		"brackets":                    strings.Repeat("[", nodeSize),
		"nested objects":              strings.Repeat(`{"variants":`, 9000) + "1" + strings.Repeat("}", 9000),
		"variants":                    filled(`{"variants":{`, `},"defaultVariant":"v1"}`, numbered(`"v%d":1`)),
		"members":                     filled(`{"variants":{"on":true},`, `}`, numbered(`"v%d":1`)),
		"evaluators":                  filled(flagHead, `}}`, numbered(`"e%d":1`)),
		"a chain of evaluators":       filled(flagHead, `}}`, func(i int) string { return fmt.Sprintf(`"e%d":{"$ref":"e%d"}`, i, i+1) }),
		"an evaluator for many flags": filled(`{"$evaluators":{"e":{"or":`+listOf(8000, "1")+`}},"flags":{"a":{"variants":{"on":true},"targeting":{"$ref":"e"}},`, `}}`, numbered(`"f%d":{"variants":{"on":true},"targeting":{"$ref":"e"}}`)),
		"flags":                       filled(`{"flags":{"a":{},`, `}}`, numbered(`"f%d":{}`)),
		"listed flags":                filled(`{"flags":[{"key":"a"},`, `]}`, numbered(`{"key":"f%d"}`)),
		"metadata":                    filled(`{"flags":{"a":{}},"metadata":{`, `}}`, numbered(`"f%d":0`)),
		"long texts":                  targetedBy(`{"` + strings.Repeat("x", nodeSize-200) + `":1}`),
	}
}

// Whatever a node holds, it takes a bounded number of allocations, which is what
// interpreted code spends its time with, and comes to the same compiled.
func TestInterpretedHostileNodesAreCheap(t *testing.T) {
	attributes := map[string]any{"long": strings.Repeat("a", 60000), "huge": strings.Repeat("9", 900000), "version": "1.0.0-" + strings.Repeat("1.", 100) + "1", "x": "nobody"}
	for i := 0; i < 900; i++ {
		attributes[fmt.Sprint("a", i)] = "x"
	}
	a, b := compiled(), interpreted(t)
	for name, document := range hostileNodes() {
		var outcomes []string
		for _, m := range []*mode{a, b} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			m.keep(document, []string{"a"})
			outcomes = append(outcomes, fmt.Sprint(m.kept("a", false, attributes)[:5]...))
			runtime.ReadMemStats(&after)
			if bytes, objects := after.TotalAlloc-before.TotalAlloc, after.Mallocs-before.Mallocs; bytes > 150<<20 || objects > 4000000 {
				t.Errorf("%s, %s: %d bytes, %d objects", name, m.name, bytes, objects)
			}
		}
		if outcomes[0] != outcomes[1] {
			t.Errorf("%s: %.300s compiled, %.300s interpreted", name, outcomes[0], outcomes[1])
		}
	}
}

// An evaluation, which each request may have, takes a bounded number of allocations, too.
func TestInterpretedEvaluationsAreBounded(t *testing.T) {
	m := interpreted(t)
	for name, rule := range map[string]string{
		"lists that share": `{"cat":[{"var":"x"},{"reduce":[` + listOf(40, "1") + `,[{"var":"accumulator"},{"var":"accumulator"}],["x"]]}]}`,
		"many names":       `{"missing_some":[1,` + listOf(9000, `"x"`) + `]}`,
		"many texts":       `{"or":` + listOf(1500, `{"==":[{"substr":[{"var":"x"},1]},"y"]}`) + `}`,
		"many attributes":  `{"or":` + listOf(2400, `{"==":[{"var":"y"},{"var":"x"}]}`) + `}`,
	} {
		m.keep(targetedBy(rule), []string{"a"})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		m.kept("a", false, map[string]any{"x": "nobody"})
		runtime.ReadMemStats(&after)
		if objects := after.Mallocs - before.Mallocs; objects > 1200000 {
			t.Errorf("%s: %d objects", name, objects)
		}
	}
}

// A text is changed by compiled code: a thousand times its length isn't a thousand times the work.
func TestInterpretedTextsTakeNoLoop(t *testing.T) {
	m := interpreted(t)
	for _, rule := range []string{`{"lower": {"var": "x"}}`, `{"upper": {"var": "x"}}`, `{"in": ["-", {"upper": {"var": "x"}}]}`} {
		took := func(length int) time.Duration {
			attributes := map[string]any{"x": strings.Repeat("Ab", length/2)}
			m.keep(targetedBy(`{"if": [`+rule+`, "on", "off"]}`), []string{"a"})
			best := time.Hour
			for i := 0; i < 20; i++ {
				start := time.Now()
				m.kept("a", false, attributes)
				best = min(best, time.Since(start))
			}
			return best
		}
		if short, long := took(60), took(60000); long > 100*short {
			t.Errorf("%s: %v for 60 bytes, %v for 60000", rule, short, long)
		}
	}
}

// A document is taken apart once, and each flag that is asked for costs what it is itself.
func TestInterpretedFlagsOfOneDocument(t *testing.T) {
	object := filled(`{"flags":{`, `}}`, numbered(`"f%d":{"variants":{"on":true,"off":false},"defaultVariant":"off","targeting":{"if":[{"in":[{"var":"headers.x-user"},["ada","bob"]]},"on"]}}`))
	list := filled(`{"flags":[`, `]}`, numbered(`{"key":"f%d","variants":{"on":true,"off":false},"defaultVariant":"off","targeting":{"if":[{"in":[{"var":"headers.x-user"},["ada","bob"]]},"on"]}}`))
	for _, m := range []*mode{compiled(), interpreted(t)} {
		for form, document := range map[string]string{"object": object, "list": list} {
			one, _ := keeping(m, document, 1)
			twenty, held := keeping(m, document, 20)
			if twenty > 2*one || held > 512<<10 {
				t.Errorf("%s, %s: %d bytes for a flag, %d for 20, which hold on to %d", m.name, form, one, twenty, held)
			}
			for user, want := range map[string]string{"ada": "on", "eve": "off"} {
				if out := m.kept("f100", false, map[string]any{"headers.x-user": user}); out[1] != want {
					t.Errorf("%s, %s, %s: %v", m.name, form, user, out)
				}
			}
			if out := m.kept("nobody", false, nil); out[3] != "FLAG_NOT_FOUND" {
				t.Errorf("%s, %s: %v", m.name, form, out)
			}
		}
	}
}

// keeping is what it takes to get so many flags of a document, and what they hold on to.
func keeping(m *mode, document string, flags int) (uint64, int64) {
	keys := []string{"nobody"}
	for i := 0; i < flags; i++ {
		keys = append(keys, fmt.Sprint("f", i*100))
	}
	m.keep(document, nil)
	var before, after, held runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	m.keep(document, keys)
	runtime.ReadMemStats(&after)
	runtime.GC()
	runtime.ReadMemStats(&held)
	return after.TotalAlloc - before.TotalAlloc, int64(held.HeapAlloc) - int64(before.HeapAlloc)
}

// A flag by itself answers as its document does.
func TestInterpretedFlagByItself(t *testing.T) {
	m := interpreted(t)
	evaluate, _ := m.parse(market, "flag")
	keys := []string{"word", "color", "count", "layout", "truth", "sleeping", "open", "broken", "list", "five", "nobody"}
	m.keep(market, keys)
	for _, key := range keys {
		for _, fallback := range []any{nil, false, "x", int64(1), 1.5} {
			for _, attributes := range []map[string]any{{}, {"email": "a@example.com", "count": "half", "user": map[string]any{"age": 20}}} {
				whole := fmt.Sprint(evaluate(key, fallback, "map", attributes))
				if alone := fmt.Sprint(m.kept(key, fallback, attributes)); alone != whole {
					t.Errorf("%s, %v, %v: %s, by itself %s", key, fallback, attributes, whole, alone)
				}
			}
		}
	}
}
