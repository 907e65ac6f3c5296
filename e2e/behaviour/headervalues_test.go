package behaviour

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

// A headerCase is a rule, what its node has, what the client sends, and what the
// service gets, "(none)" for nothing.
type headerCase struct{ name, rule, node, sent, want string }

var valuesOfHeaders = []headerCase{
	{"a frame", "value: 'Bearer {value}'", "token", "", "Bearer token"},
	{"a frame twice", "value: '{value}/{value}'", "a", "", "a/a"},
	{"a frame without a value", "value: 'Bearer {value}'", "", "", "(none)"},
	{"a frame and a default", "value: 'Bearer {value}', default: none", "", "", "none"},
	{"a map", "map: {blue: '1', green: '2'}", "green", "", "2"},
	{"a map that lacks it", "map: {blue: '1'}", "red", "", "red"},
	{"a map and a frame", "map: {blue: '1'}, value: 'v{value}'", "blue", "", "v1"},
	{"a map to a blank", "map: {blue: ' '}", "blue", "", "(none)"},
	{"a map to a word with blanks", "map: {blue: ' b '}", "blue", "", "b"},
	{"a map and a frame for a node that ends in a line break", "map: {blue: '1'}, value: 'v{value}'", "blue\n", "", "v1"},
	{"a frame that ends in a line break", `value: "Bearer {value}\n"`, "token\n", "", "Bearer token"},
	{"a map to a word with a line break", `map: {blue: "b\n"}`, "blue", "", "b"},
	{"a default that ends in a line break", `default: "none\n"`, "", "", "none"},
	{"a line break at the end in base64", "encoding: base64", "42\n", "", base64.StdEncoding.EncodeToString([]byte("42\n"))},
	{"base64", "encoding: base64", "line\nline\x00\xff", "", base64.StdEncoding.EncodeToString([]byte("line\nline\x00\xff"))},
	{"base64 of json", "encoding: base64, format: json, key: a", `{"a":"x\ny"}`, "", base64.StdEncoding.EncodeToString([]byte("x\ny"))},
	{"set", "mode: set", "ours", "theirs", "ours"},
	{"append", "mode: append", "ours", "theirs", "theirs | ours"},
	{"append to nothing", "mode: append", "ours", "", "ours"},
	{"append nothing", "mode: append", "", "theirs", "theirs"},
	{"ifAbsent", "mode: ifAbsent", "ours", "theirs", "theirs"},
	{"ifAbsent without it", "mode: ifAbsent", "ours", "", "ours"},
}

var headerValues = []behaviour{
	{"what becomes of a value", testWhatBecomesOfAValue},
	{"a header is removed", testHeaderIsRemoved},
	{"a node's stat", testNodesStat},
	{"headers of the response", testHeadersOfTheResponse},
	{"mistakes with the values of headers", testMistakesWithTheValuesOfHeaders},
}

func testWhatBecomesOfAValue(t *testing.T, s *suite) {
	for i, d := range valuesOfHeaders {
		t.Run(d.name, func(t *testing.T) {
			node := fmt.Sprint("/header-values/", i)
			s.admin.Put(node, []byte(d.node))
			inst := s.start(t, anyCluster+"requestHeaders:\n  - {name: X-Value, path: "+node+", "+d.rule+"}\n")
			got := func() string {
				sent := ""
				if d.sent != "" {
					sent = "X-Value: " + d.sent
				}
				values := inst.get(sent, "X_Value: alias").service["X-Value"]
				if values == nil {
					return "(none)"
				}
				return strings.Join(values, " | ")
			}
			eventually(t, func() bool { return got() == d.want }, func() string { return fmt.Sprintf("%q, want %q", got(), d.want) })
			if alias := inst.get("X_Value: alias").service["X_value"]; alias != nil {
				t.Errorf("the alias %q gets through", alias)
			}
		})
	}
}

func testHeaderIsRemoved(t *testing.T, s *suite) {
	inst := s.start(t, anyCluster+"requestHeaders:\n  - {name: X-Gone, mode: remove}\n  - {name: X-Value, path: /removal}\n")
	if a := inst.get("X-Gone: here", "X_Gone: here"); len(a.service["X-Gone"])+len(a.service["X_gone"]) > 0 {
		t.Errorf("the service gets %v", a.service)
	}
}

func testNodesStat(t *testing.T, s *suite) {
	s.admin.Put("/stat", []byte("0"))
	inst := s.start(t, anyCluster+"requestHeaders:\n  - {name: X-Version, path: /stat, format: version}\n"+
		"  - {name: X-Mtime, path: /stat, format: mtime}\n  - {name: X-Created, path: /stat, format: czxid}\n  - {name: X-Count, path: /stat, format: numChildren}\n")
	inst.awaitHeader(t, "X-Version", "0")
	inst.awaitHeader(t, "X-Count", "0")
	s.admin.Put("/stat", []byte("1"))
	s.admin.Put("/stat/child", nil)
	inst.awaitHeader(t, "X-Version", "1")
	inst.awaitHeader(t, "X-Count", "1")
	_, stat, err := s.admin.Conn.Exists("/stat")
	if err != nil {
		t.Fatal(err)
	}
	inst.awaitHeader(t, "X-Mtime", fmt.Sprint(stat.Mtime))
	inst.awaitHeader(t, "X-Created", fmt.Sprint(stat.Czxid))
}

func testHeadersOfTheResponse(t *testing.T, s *suite) {
	s.admin.Put("/response", []byte("first"))
	inst := s.start(t, anyCluster+"responseHeaders:\n  - {name: X-Node, path: /response, value: 'v {value}'}\n  - {name: X-Mine, path: '/response-of/{header.X-User}', default: common}\n")
	answered := func(name string, headers ...string) string {
		return strings.Join(inst.get(headers...).answer[name], " | ")
	}
	eventually(t, func() bool { return answered("X-Node") == "v first" }, func() string { return answered("X-Node") })
	s.admin.Put("/response", []byte("second"))
	s.admin.Put("/response-of/ann", []byte("hers"))
	eventually(t, func() bool { return answered("X-Node") == "v second" }, func() string { return answered("X-Node") })
	eventually(t, func() bool { return answered("X-Mine", "X-User: ann") == "hers" }, func() string { return answered("X-Mine", "X-User: ann") })
	if got := answered("X-Mine", "X-User: bob"); got != "common" {
		t.Errorf("bob gets %q", got)
	}
}

func testMistakesWithTheValuesOfHeaders(t *testing.T, s *suite) {
	for _, m := range []mistake{
		{"mode", rule("name: X-A, path: /a, mode: replace"), []string{"requestHeaders[0].mode", `"replace"`, "ifAbsent"}},
		{"remove with a path", rule("name: X-A, path: /a, mode: remove"), []string{"requestHeaders[0].mode", "no path"}},
		{"a frame without the value", rule("name: X-A, path: /a, value: Bearer"), []string{"requestHeaders[0].value", `"Bearer"`, "{value}"}},
		{"a frame with a line break", rule(`name: X-A, path: /a, value: "{value}\nX: y"`), []string{"requestHeaders[0].value", "line break"}},
		{"a map with a line break", rule(`name: X-A, path: /a, map: {a: "b\nc"}`), []string{"requestHeaders[0].map.a", "line break"}},
		{"a map that is none", rule("name: X-A, path: /a, map: [a, b]"), []string{"requestHeaders[0].map", "mapping"}},
		{"encoding", rule("name: X-A, path: /a, encoding: hex"), []string{"requestHeaders[0].encoding", `"hex"`, "base64"}},
	} {
		t.Run(m.name, func(t *testing.T) {
			_, err := s.try(t, m.config)
			if err == nil {
				t.Fatal("no error")
			}
			m.check(t, err.Error())
		})
	}
}
