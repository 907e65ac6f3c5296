//go:build !race

package value

import (
	"runtime/debug"
	"strings"
	"testing"
)

type costlyNode struct {
	name, format string
	data         []byte
}

// costly are nodes as large as they can be, full of what costs most.
func costly() []costlyNode {
	return []costlyNode{
		{"JSON, members", FormatJSON, fullOf(largest, "{", `"x":1}`, numbered(`"%s":1,`))},
		{"JSON, one name", FormatJSON, fullOf(largest, "{", `"x":1}`, always(`"":1,`))},
		{"JSON, numbers", FormatJSON, fullOf(largest, "[", "1]", always("1,"))},
		{"JSON, empty objects", FormatJSON, fullOf(largest, "[", "1]", always("{},"))},
		{"JSON, small objects", FormatJSON, fullOf(largest, "[", "1]", always(`{"a":1},`))},
		{"JSON, small objects below a member", FormatJSON, fullOf(largest, `{"a":[`, "1]}", always(`{"a":1},`))},
		{"JSON, brackets", FormatJSON, fullOf(largest, "", "", always("["))},
		{"JSON, nested", FormatJSON, fullOf(largest, strings.Repeat(`{"a":`, 9000)+"[", "1]"+strings.Repeat("}", 9000), always("1,"))},
		{"JSON, a text", FormatJSON, fullOf(largest, `{"a":"`, `"}`, always(`\u0041`))},
		{"JSON, blanks", FormatJSON, fullOf(largest, "", "", always(" "))},
		{"JSON, no JSON", FormatJSON, fullOf(largest, "[", "", always("1,"))},
		{"flag in JSON", inFormat + FormatJSON, fullOf(largest, "{", `"x":1}`, numbered(`"%s":1,`))},
		{"properties", FormatProperties, fullOf(largest, "", "", always("a=b\n"))},
		{"properties, keys", FormatProperties, fullOf(largest, "", "", always("a\n"))},
		{"properties, many keys", FormatProperties, fullOf(largest, "", "", numbered("%s\n"))},
		{"properties, continued", FormatProperties, fullOf(largest, "", "", always("\\\n"))},
		{"properties, continued values", FormatProperties, fullOf(largest, "", "", always("a\\\n"))},
		{"properties, continued and not", FormatProperties, fullOf(largest, "", "", always("#\\\n a\\\n b\n"))},
		{"properties, escapes", FormatProperties, fullOf(largest, "a=", "", always(`\a`))},
		{"properties, characters", FormatProperties, fullOf(largest, "a=", "", always(`\u0041`))},
		{"properties, escapes in a key", FormatProperties, fullOf(largest, "", "", always(`\a`))},
		{"properties, control characters", FormatProperties, fullOf(largest, `a\a=\a`, "", always("\x01"))},
		{"properties, control characters in a key", FormatProperties, fullOf(largest, `a\a`, "", always("\x01"))},
		{"properties, keys with escapes", FormatProperties, fullOf(largest, "", "", numbered("%s\\ =1\n"))},
		{"properties, short keys with escapes", FormatProperties, fullOf(largest, "", "", always("\\a\n"))},
		{"properties, long keys with escapes", FormatProperties, fullOf(largest, "", "", numbered(strings.Repeat(`\q`, 50)+"%s\n"))},
		{"properties, no escapes", FormatProperties, fullOf(largest, "", "", always("a=\\u\n"))},
		{"properties, some escapes", FormatProperties, fullOf(largest, "a=\\u\n", "", always("a=\\u0041\n"))},
		{"properties, backslashes", FormatProperties, fullOf(largest, "", "", always(`\`))},
		{"properties, blanks", FormatProperties, fullOf(largest, "", "", always(" "))},
		{"properties, lines of blanks", FormatProperties, fullOf(largest, "", "", always(" \n"))},
		{"properties, comments", FormatProperties, fullOf(largest, "", "", always("#\n"))},
		{"properties, comments between", FormatProperties, fullOf(largest, "", "", always("#\na\n"))},
		{"properties, one line", FormatProperties, fullOf(largest, "a=", "", always("x"))},
		{"properties, returns", FormatProperties, fullOf(largest, "", "", always("\r"))},
		{"properties, separators", FormatProperties, fullOf(largest, "", "", always("="))},
		{"text", FormatText, fullOf(largest, "", "", always("x"))},
		{"text, blanks", FormatText, fullOf(largest, "x", "", always(" "))},
		{"text in base64", FormatText + inBase64, fullOf(largest, "", "", always("x"))},
		{"networks", FormatNetworks, fullOf(largest, "", "", always("::/0\n"))},
		{"networks, comments", FormatNetworks, fullOf(largest, "", "", always("#\n"))},
		{"networks, one entry", FormatNetworks, fullOf(largest, "", "", always("1"))},
		{"networks, separators", FormatNetworks, fullOf(largest, "", "", always(", "))},
		{"networks, JSON", FormatNetworks, fullOf(largest, "[\"\"", "]", always(",\"\""))},
		{"page", FormatPage, fullOf(largest, "", "", always("x"))},
	}
}

// TestMemoryOfAnyNode: whatever a node holds, twenty keys in it cost a bounded memory,
// and a message about it is short.
func TestMemoryOfAnyNode(t *testing.T) {
	for _, node := range costly() {
		t.Run(node.name, func(t *testing.T) {
			cost := allocated(1, func() {
				c := &Content{Exists: true, Data: node.data}
				for i := range 20 {
					r := Read(node.format, numbered("%s")(i), c)
					if r.Refused != nil && len(r.Refused.Error()) > 300 {
						t.Errorf("%.400q", r.Refused.Error())
					}
					for _, key := range []string{"a", "0.a", "a.a.a"} {
						Read(node.format, key, c)
					}
				}
			})
			if cost > mostMemory {
				t.Errorf("%d MiB are allocated", cost>>20)
			}
		})
	}
}

// TestChildrenAreFew: a list that no header can hold is neither copied nor sorted.
func TestChildrenAreFew(t *testing.T) {
	names := make([]string, 100_000)
	for i := range names {
		names[i] = numbered("node-%s")(len(names) - i)
	}
	cost := allocated(3, func() {
		if r := Read(FormatChildren, "", &Content{Exists: true, Children: names}); r.Refused == nil {
			t.Error("a megabyte of names is a header's value")
		}
	})
	if cost > 1100<<10 {
		t.Errorf("%d KiB are allocated for %d names", cost>>10, len(names))
	}
}

// FuzzDocumentCost looks for documents of which twice as much costs more than twice.
func FuzzDocumentCost(f *testing.F) {
	for _, node := range costly() {
		start, middle := string(node.data[:40]), string(node.data[40:60])
		f.Add(node.format == FormatJSON, start, middle, string(node.data[len(node.data)-10:]), "a")
	}
	f.Add(true, "{", `"a":{"b":[`, "", "a.b.0.b")
	f.Add(false, "a=\\", "1\\\n", "", "a")
	f.Add(false, "", "a\\ b=\\u00e4\\\n  x\n", "", "a b")
	f.Fuzz(func(t *testing.T, isJSON bool, start, middle, end, key string) {
		if middle == "" || len(start)+len(middle)+len(end)+len(key) > 1000 {
			return
		}
		format := FormatProperties
		if isJSON {
			format = FormatJSON
		}
		defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a collection empties the library's pools
		cost := func(size int) uint64 {
			data := []byte(start + strings.Repeat(middle, size/len(middle)) + end)
			return allocated(3, func() { Read(format, key, &Content{Exists: true, Data: data}) })
		}
		once, twice := cost(8<<10), cost(16<<10)
		if twice > once*5/2+64<<10 {
			t.Errorf("%q %q... %q at %q: %d bytes for 8 KiB, %d for twice as much", start, middle, end, key, once, twice)
		}
	})
}
