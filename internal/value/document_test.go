package value

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// largest is how much a node holds at most.
const largest = 1 << 20

// mostMemory is what reading a node may allocate, in all.
const mostMemory = 50 << 20

// allocated is how many bytes a function allocates. Other goroutines may add to that,
// so the least of some times counts.
func allocated(times int, do func()) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a collection would empty pools, which then are filled again
	least := ^uint64(0)
	for range times {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		do()
		runtime.ReadMemStats(&after)
		least = min(least, after.TotalAlloc-before.TotalAlloc)
	}
	return least
}

// fullOf is a document of so many bytes at most, with units in the middle.
func fullOf(size int, start, end string, unit func(i int) string) []byte {
	var text strings.Builder
	text.WriteString(start)
	for i := 0; ; i++ {
		next := unit(i)
		if text.Len()+len(next)+len(end) > size || next == "" {
			return []byte(text.String() + end)
		}
		text.WriteString(next)
	}
}

func always(unit string) func(int) string { return func(int) string { return unit } }

// numbered are units with %s in the place of a short name, another one for each.
func numbered(unit string) func(int) string {
	return func(i int) string {
		return fmt.Sprintf(unit, string([]byte{byte('A' + i%26), byte('A' + i/26%26), byte('a' + i/26/26%26), byte('a' + i/26/26/26%26)}))
	}
}

// keyed are documents with the keys that numbered makes.
var keyed = map[string][]byte{
	FormatJSON:            fullOf(200<<10, "{", `"x":1}`, numbered(`"%s":"a value",`)),
	FormatProperties:      fullOf(200<<10, "", "", numbered("%s = a value\n")),
	FormatFlag:            fullOf(100<<10, `{"flags":{`, `"x":{"variants":{"on":true},"defaultVariant":"on"}}}`, numbered(`"%s":{"variants":{"on":true,"off":false},"defaultVariant":"on"},`)),
	inFormat + FormatJSON: fullOf(200<<10, "{", `"x":1}`, numbered(`"%s":{"variants":{"on":true,"off":false},"defaultVariant":"on"},`)),
	FormatJSON + inBase64: fullOf(200<<10, "{", `"x":1}`, numbered(`"%s":"a value",`)),
}

// TestKeysShareADocument: what a node holds is parsed once, however many keys in it
// are asked for.
func TestKeysShareADocument(t *testing.T) {
	for format, document := range keyed {
		name := numbered("%s")
		reading := func(keys int) uint64 {
			return allocated(3, func() {
				c := &Content{Exists: true, Data: document}
				for i := range keys {
					if r := Read(format, name(i), c); r.Value == nil {
						t.Errorf("%s %s is nothing, %v", format, name(i), r.Refused)
					}
				}
			})
		}
		one, twenty := reading(1), reading(20)
		if twenty > 2*one {
			t.Errorf("%s: %d bytes for one key, %d for twenty", format, one, twenty)
		}
	}
}

// TestKeysOfALevelShareIt is the same further down in a JSON document.
func TestKeysOfALevelShareIt(t *testing.T) {
	document := append(append([]byte(`{"below":[`), keyed[FormatJSON]...), "]}"...)
	name := numbered("below.0.%s")
	reading := func(keys int) uint64 {
		return allocated(3, func() {
			c := &Content{Exists: true, Data: document}
			for i := range keys {
				if r := Read(FormatJSON, name(i), c); r.Value != "a value" {
					t.Errorf("%s is %v, %v", name(i), r.Value, r.Refused)
				}
			}
		})
	}
	one, twenty := reading(1), reading(20)
	if twenty > 2*one {
		t.Errorf("%d bytes for one key, %d for twenty", one, twenty)
	}
}

// TestDocumentIsParsedOnce: also where many ask at the same time.
func TestDocumentIsParsedOnce(t *testing.T) {
	for _, format := range []string{FormatFlag, FormatJSON, FormatProperties} {
		c := &Content{Exists: true, Data: keyed[format]}
		var parses atomic.Int64
		documents := make([]*document, 50)
		together(len(documents), func(i int) {
			documents[i] = keptDocument(c, format, func(format string, data []byte) (any, error) {
				parses.Add(1)
				return parseDocument(format, data)
			})
		})
		for _, d := range documents {
			if d != documents[0] || d.value == nil || d.refused != nil {
				t.Fatalf("%s: %p is %v, %v; the first is %p", format, d, d.value, d.refused, documents[0])
			}
		}
		if parses.Load() != 1 {
			t.Errorf("%s was parsed %d times", format, parses.Load())
		}
		together(len(documents), func(i int) {
			if r := Read(format, numbered("%s")(i), c); r.Value == nil {
				t.Errorf("%s has no key %d, %v", format, i, r.Refused)
			}
		})
	}
}

// TestFlagsAreOneSet: gates by different keys share what they go by.
func TestFlagsAreOneSet(t *testing.T) {
	c := &Content{Exists: true, Data: keyed[FormatFlag]}
	documentOf(c, FormatFlag)
	first := documentOf(c, FormatFlag).value.(*flag.Set)
	if second := documentOf(c, FormatFlag).value.(*flag.Set); first != second {
		t.Error("two sets were made of one document")
	}
}

// TestParserThatPanics: whoever waits for a document goes on, with an error.
func TestParserThatPanics(t *testing.T) {
	c := &Content{Exists: true, Data: []byte("x")}
	var panics, refusals atomic.Int64
	together(20, func(int) {
		defer func() {
			if recover() != nil {
				panics.Add(1)
			}
		}()
		d := keptDocument(c, FormatJSON, func(string, []byte) (any, error) { panic("out of order") })
		if d.refused != nil {
			refusals.Add(1)
		}
	})
	if panics.Load() != 1 || refusals.Load() != 19 {
		t.Errorf("%d panics and %d refusals among 20", panics.Load(), refusals.Load())
	}
}

func together(goroutines int, do func(i int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range goroutines {
		all.Add(1)
		go func() {
			defer all.Done()
			<-start
			do(i)
		}()
	}
	close(start)
	all.Wait()
}

// TestTextsHaveNoDocuments: what ten thousand tenants have costs a word each.
func TestTextsHaveNoDocuments(t *testing.T) {
	for _, format := range []string{FormatText, FormatText + inBase64, FormatExists, FormatChildren, FormatPage} {
		c := &Content{Exists: true, Data: []byte("gold\x7f"), Children: []string{"a"}}
		Read(format, "", c)
		if c.documents != nil {
			t.Errorf("%s has a document", format)
		}
	}
	c := &Content{Exists: true, Data: []byte(`{"plan":"gold"}`)}
	if r := Read(FormatJSON, "plan", c); r.Value != "gold" || c.documents != nil {
		t.Errorf("a small document is kept, or has %v, %v", r.Value, r.Refused)
	}
}
