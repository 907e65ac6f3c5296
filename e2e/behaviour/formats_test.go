package behaviour

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// reads is a node's content and what a header rule makes of it; the rule's
// default is "nothing".
type reads struct{ name, rule, node, want string }

var readings = []reads{
	{"text", "format: text", "plain", "plain"},
	{"text by default", "", "plain", "plain"},
	{"text without the space around it", "", " \tplain ", "plain"},
	{"text beyond ASCII", "", "Zürich ☂", "Zürich ☂"},
	{"an empty node", "", "", "nothing"},
	{"a node of white space", "", "  ", "nothing"},
	{"a node of line breaks", "", "\n\r\n", "nothing"},
	{"a line break at the end, as echo writes it", "", "42\n", "42"},
	{"line breaks and blanks around it", "", "\r\n\t 42 \r\n\n", "42"},
	{"8 KiB and a line break", "", strings.Repeat("x", 8192) + "\n", strings.Repeat("x", 8192)},
	{"json with white space around a string", "{format: json, key: a}", `{"a":" b\r\n"}`, "b"},
	{"json string of white space", "{format: json, key: a}", `{"a":"\n"}`, "nothing"},
	{"properties with white space around a value", "{format: properties, key: a}", `a=\ b\r\n`, "b"},
	{"properties with a value of white space", "{format: properties, key: a}", `a=\n\ `, "nothing"},
	{"8 KiB", "", strings.Repeat("x", 8192), strings.Repeat("x", 8192)},
	{"json string", "{format: json, key: a}", `{"a":"b"}`, "b"},
	{"json number as written", "{format: json, key: a}", `{"a":1.50}`, "1.50"},
	{"json large number", "{format: json, key: a}", `{"a":12345678901234567890}`, "12345678901234567890"},
	{"json boolean", "{format: json, key: a}", `{"a":false}`, "false"},
	{"json null", "{format: json, key: a}", `{"a":null}`, "nothing"},
	{"json nested", "{format: json, key: a.b.c}", `{"a":{"b":{"c":"deep"}}}`, "deep"},
	{"json key with dots of its own", "{format: json, key: a.b}", `{"a.b":"flat","a":{"b":"nested"}}`, "flat"},
	{"json list", "{format: json, key: a.1}", `{"a":["x","y"]}`, "y"},
	{"json beyond the list", "{format: json, key: a.2}", `{"a":["x","y"]}`, "nothing"},
	{"json without the key", "{format: json, key: b}", `{"a":"b"}`, "nothing"},
	{"json without the way", "{format: json, key: b.c.d}", `{"a":"b"}`, "nothing"},
	{"empty json", "{format: json, key: a}", ``, "nothing"},
	{"properties", "{format: properties, key: a.b}", "# comment\n! another\n\na.b = c d\n", "c d"},
	{"properties with a colon", "{format: properties, key: a}", "a:b", "b"},
	{"properties with a space", "{format: properties, key: a}", "a b", "b"},
	{"properties, the last one", "{format: properties, key: a}", "a=1\na=2\r\n", "2"},
	{"properties over lines", "{format: properties, key: a}", "a=1, \\\n   2, \\\n   3", "1, 2, 3"},
	{"properties with escapes", "{format: properties, key: a b}", `a\ b=\u00fc\:\\ \uD83D\uDE00`, `ü:\ 😀`},
	{"properties without the key", "{format: properties, key: b}", "a=1", "nothing"},
	{"properties without a value", "{format: properties, key: a}", "a", "nothing"},
	{"exists", "format: exists", "", "true"},
	{"exists, whatever it holds", "format: exists", "\x00\xff\r\n", "true"},
}

var formats = []behaviour{
	{"what a node holds", testWhatANodeHolds},
	{"children", testChildren},
	{"exists", testExists},
}

func testWhatANodeHolds(t *testing.T, s *suite) {
	for i, r := range readings {
		t.Run(r.name, func(t *testing.T) {
			path := fmt.Sprint("/formats/", i)
			s.admin.Put(path, []byte(r.node))
			s.start(t, ruled(path, r.rule)).awaitHeader(t, "X-Value", r.want)
		})
	}
}

func testChildren(t *testing.T, s *suite) {
	inst := s.start(t, ruled("/family", "format: children"))
	inst.awaitHeader(t, "X-Value", "nothing")
	s.admin.Put("/family/b", nil)
	inst.awaitHeader(t, "X-Value", "b")
	s.admin.Put("/family/c", nil)
	s.admin.Put("/family/a", nil)
	inst.awaitHeader(t, "X-Value", "a,b,c")
	s.admin.Delete("/family/b")
	inst.awaitHeader(t, "X-Value", "a,c")
	s.admin.Delete("/family")
	inst.awaitHeader(t, "X-Value", "nothing")
	s.admin.Put("/family/again", nil)
	inst.awaitHeader(t, "X-Value", "again")
}

func testExists(t *testing.T, s *suite) {
	inst := s.start(t, ruled("/being, /being2", "format: exists"))
	inst.awaitHeader(t, "X-Value", "false")
	s.admin.Put("/being2", nil)
	inst.awaitHeader(t, "X-Value", "true")
	s.admin.Delete("/being2")
	inst.awaitHeader(t, "X-Value", "false")
}

// ruled is a configuration with one header rule; rule holds more of its keys,
// one of them or a mapping in braces.
func ruled(path, rule string) string {
	rule = strings.Trim(rule, "{}")
	if rule != "" {
		rule = "\n    " + strings.ReplaceAll(rule, ", ", "\n    ")
	}
	return header(path) + strings.TrimPrefix(rule, "\n") + "\n"
}

var bad = []reads{
	{"line break inside", "", "evil\r\nX-Admin: yes", "line break"},
	{"line break inside and at the end", "", "evil\nX-Admin: yes\n", "line break"},
	{"NUL at the end", "", "a\x00", "control character"},
	{"vertical tab at the end", "", "a\x0b\n", "control character"},
	{"NUL", "", "a\x00b", "control character"},
	{"DEL", "", "a\x7fb", "control character"},
	{"escape", "", "\x1b[31mred", "control character"},
	{"too long", "", strings.Repeat("x", 8193), "longer than 8 KiB"},
	{"1 MB", "", string(bytes.Repeat([]byte("m"), 1<<20-200)), "longer than 8 KiB"},
	{"invalid UTF-8", "", "\xff\xfe", "not valid UTF-8"},
	{"UTF-16", "", "\xff\xfeg\x00o\x00", "UTF-16, as its byte order mark says; save it as UTF-8"},
	{"properties in UTF-16", "{format: properties, key: a}", "\xfe\xff\x00a\x00=\x00b", "UTF-16"},
	{"bad json", "{format: json, key: a}", `{"a":`, "not JSON: it ends too early"},
	{"json with a comma too much", "{format: json, key: a}", "{\"a\":\n 1,}", "not JSON: line 2, column 4: take out the comma before the }"},
	{"json and more", "{format: json, key: a}", `{"a":1} x`, "something follows"},
	{"json of another shape", "{format: json, key: a.b}", `{"a":"text"}`, "no object"},
	{"json list instead of object", "{format: json, key: a}", `["a"]`, "has a list"},
	{"json scalar instead of object", "{format: json, key: a}", `"a"`, "no object"},
	{"json object as the value", "{format: json, key: a}", `{"a":{"b":1}}`, "an object or a list"},
	{"json with a line break in the value", "{format: json, key: a}", `{"a":"x\r\nX-Admin: yes"}`, "line break"},
	{"json in invalid UTF-8", "{format: json, key: a}", "{\"a\":\"\xff\"}", "not valid UTF-8"},
	{"properties with a bad escape", "{format: properties, key: a}", `a=\u00g0`, "hexadecimal"},
	{"properties with a line break in the value", "{format: properties, key: a}", `a=x\r\ny`, "line break"},
}

var refusals = []behaviour{
	{"what no header can hold", testWhatNoHeaderCanHold},
}

func testWhatNoHeaderCanHold(t *testing.T, s *suite) {
	for i, r := range bad {
		t.Run(r.name, func(t *testing.T) {
			path := fmt.Sprint("/refused/", i)
			good := map[string]string{"": "good", "j": `{"a":"good","b":1}`, "p": "a=good"}
			kind := strings.TrimPrefix(r.rule, "{format: ")[:min(1, len(r.rule))]
			if strings.Contains(r.rule, "a.b") {
				good["j"] = `{"a":{"b":"good"}}`
			}
			refused(t, s, ruled(path, r.rule), path, good[kind], r.node, r.want)
		})
	}
}

// refused checks that a node's content is refused where nothing was known, and
// that the last good value stays where one was, with one line in the log for
// each version, however many instances there are.
func refused(t *testing.T, s *suite, config, path, good, node, reason string) {
	config = s.own(config)
	lines := func() int {
		n := 0
		for _, line := range strings.Split(s.plugin.Output(), "\n") {
			if strings.Contains(line, path+" refused") && strings.Contains(line, reason) {
				n++
			}
		}
		return n
	}
	s.admin.Put(path, []byte(node))
	var instances []*instance
	for range 3 {
		inst, err := s.try(t, config)
		if err != nil {
			t.Fatal(err)
		}
		instances = append(instances, inst)
	}
	await := func(want string) {
		t.Helper()
		for _, inst := range instances {
			inst.awaitHeader(t, "X-Value", want)
		}
	}
	await("nothing")
	s.admin.Put(path, []byte(good))
	await("good")
	s.admin.Put(path, []byte(node))
	eventually(t, func() bool { return lines() == 2 }, func() string {
		return fmt.Sprintf("%d lines about %s with %q in the log:\n%s", lines(), path, reason, s.plugin.Output())
	})
	await("good")
	// A reload doesn't lose it either.
	late, err := s.try(t, config)
	if err != nil {
		t.Fatal(err)
	}
	late.awaitHeader(t, "X-Value", "good")
	s.admin.Delete(path)
	await("nothing")
	if n := lines(); n != 2 {
		t.Errorf("%d lines in the log, want one for each of two versions", n)
	}
}
