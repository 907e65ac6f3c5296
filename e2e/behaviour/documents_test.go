package behaviour

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// entries is a document with many keys, k0 and so on, all with the same value.
func entries(before, entry, after, value string) []byte {
	var text strings.Builder
	text.WriteString(before)
	for i := range 4000 {
		fmt.Fprintf(&text, entry, fmt.Sprint("k", i), value)
	}
	return []byte(text.String() + after)
}

var documents = []behaviour{
	{"many keys of a large document cost little more than one", testManyKeysOfALargeDocumentCostLittleMoreThanOne},
	{"a node full of what costs most is read or refused", testNodeFullOfWhatCostsMostIsReadOrRefused},
}

func testManyKeysOfALargeDocumentCostLittleMoreThanOne(t *testing.T, s *suite) {
	for _, d := range []struct{ format, before, entry, after string }{
		{"json", `{"below":{`, `"%s":"%s",`, `"end":1}}`},
		{"properties", "# settings\n", "below.%s = \\\n  %s\n", ""},
	} {
		path := "/documents/" + d.format
		cost := func(keys int) uint64 {
			config := "clusters: {$CLUSTER: {servers: $SERVERS}}\nrequestHeaders:\n"
			for i := range keys {
				config += fmt.Sprintf("  - {name: X-K%d, path: %s, format: %s, key: below.k%d}\n", i, path, d.format, i*100)
			}
			s.admin.Put(path, entries(d.before, d.entry, d.after, "first"))
			inst := s.start(t, config)
			least := ^uint64(0)
			for _, value := range []string{"second", "third", "fourth"} {
				document := entries(d.before, d.entry, d.after, value)
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				s.admin.Put(path, document)
				for i := range keys {
					inst.awaitHeader(t, fmt.Sprint("X-K", i), value)
				}
				runtime.ReadMemStats(&after)
				least = min(least, after.TotalAlloc-before.TotalAlloc)
			}
			return least
		}
		if one, twenty := cost(1), cost(20); twenty > 4*one {
			t.Errorf("%s: a change allocates %d bytes for one key, %d for twenty", d.format, one, twenty)
		}
	}
}

func testNodeFullOfWhatCostsMostIsReadOrRefused(t *testing.T, s *suite) {
	for i, d := range []struct{ format, good, unit, reason string }{
		{"json", `{"a":"good"}`, "[", "max depth"},
		{"json", `{"a":"good"}`, "[1],", "something follows"},
		{"properties", "a=good", "\\a\n", "split it into several nodes"},
		{"properties", "a=good", "a=\\u\n", `write \\u`},
		{"properties", "a=good", "a=1\\\n", "longer than 8 KiB"},
	} {
		path := fmt.Sprint("/documents/full/", i)
		refused(t, s, ruled(path, "{format: "+d.format+", key: a}"), path, d.good, strings.Repeat(d.unit, 1000_000/len(d.unit)), d.reason)
	}
}
