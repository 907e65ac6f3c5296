package behaviour

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

func variant(value string) string {
	return `{"variants":{"v":` + value + `},"defaultVariant":"v"}`
}

// variants are flags and what a header has of them; the rule's default is "nothing".
var variants = []struct{ name, rule, node, want string }{
	{"a string", "", variant(`"blue"`), "blue"},
	{"a string beyond ASCII", "", variant(`"blü ☂"`), "blü ☂"},
	{"a string with space around it", "", variant(`" blue\t"`), "blue"},
	{"a string that ends in line breaks", "", variant(`"\nblue\r\n"`), "blue"},
	{"a string of digits", "", variant(`"1e3"`), "1e3"},
	{"a boolean", "", variant(`true`), "true"},
	{"false", "", variant(`false`), "false"},
	{"a number", "", variant(`3`), "3"},
	{"a fraction", "", variant(`-0.25`), "-0.25"},
	{"zero", "", variant(`0`), "0"},
	{"a large number", "", variant(`1234567890123`), "1234567890123"},
	{"an object", "", variant(`{"b":[1,"x"],"a":{"c":null}}`), `{"a":{"c":null},"b":[1,"x"]}`},
	{"a list", "", variant(`[1,"x"]`), `[1,"x"]`},
	{"an object with a line break", "", variant(`{"a":"x\ny"}`), `{"a":"x\ny"}`},
	{"a word", "", "on", "true"},
	{"a share", "", "100%", "true"},
	{"a share of nobody", "", "0%", "false"},
	{"decider", ", format: decider", "100", "true"},
	{"a document", ", key: b", document(`"a":` + variant(`"red"`) + `,"b":` + variant(`"blue"`)), "blue"},
	{"json", ", format: json, key: a.b", `{"a":{"b":"off"}}`, "false"},
	{"properties", ", format: properties, key: a", "a = " + variant(`"blue"`), "blue"},
	{"exists", ", format: exists", "", "true"},
	{"targeting", "", `{"variants":{"a":"red","b":"blue"},"defaultVariant":"a","targeting":{"if":[` + ann + `,"b"]}}`, "blue"},
	{"targeting that makes no name", "", `{"variants":{"3":"three"},"targeting":{"+":[1,2]}}`, "three"},
	{"a map and a frame", ", map: {blue: '#00f'}, value: 'color={value}'", variant(`"blue"`), "color=#00f"},
	// The default counts.
	{"no node", "", "", "nothing"},
	{"no word", "", "blue", "nothing"},
	{"disabled", "", `{"state":"DISABLED","variants":{"v":"blue"},"defaultVariant":"v"}`, "nothing"},
	{"no default variant", "", `{"variants":{"v":"blue"}}`, "nothing"},
	{"an unknown variant", "", `{"variants":{"v":"blue"},"targeting":"x"}`, "nothing"},
	{"no such key", ", key: c", document(`"a":` + variant(`"red"`)), "nothing"},
	{"a line break", "", variant(`"a\r\nX-Admin: yes"`), "nothing"},
	{"a control character", "", variant(`"a\u0000"`), "nothing"},
	{"more than 8 KiB", "", variant(`"` + strings.Repeat("x", 8193) + `"`), "nothing"},
	{"an object of more than 8 KiB", "", variant(`{"a":"` + strings.Repeat("x", 8193) + `"}`), "nothing"},
}

func flagHeader(kind, path, more string) string {
	return anyCluster + kind + ":\n  - {name: X-Value, flag: " + path + ", default: nothing" + more + "}\ntargetingKey: '{header.X-User}'\n"
}

var varied = []behaviour{
	{"a flag's value in a header", testFlagsValueInAHeader},
	{"a flag's value in a header of the response", testFlagsValueInAHeaderOfTheResponse},
	{"a header without a value is removed", testHeaderWithoutAValueIsRemoved},
	{"the variants of users", assignments},
	{"a header follows its flag", testHeaderFollowsItsFlag},
	{"values in headers of the response", testValuesInHeadersOfTheResponse},
}

func testFlagsValueInAHeader(t *testing.T, s *suite) {
	for i, c := range variants {
		for _, more := range []string{"", decisionLine} {
			path := fmt.Sprint("/variants/", i)
			s.admin.Put(path, []byte(c.node))
			inst := s.start(t, flagHeader("requestHeaders", path, c.rule)+more)
			for _, sent := range []string{"X-Value: forged", "X_Value: forged", "X-Other: x"} {
				a, _ := inst.ask(with(sent, "X-User: ann"))
				if got := strings.Join(a.service["X-Value"], " | "); got != c.want || a.service["X_value"] != nil {
					t.Errorf("%s: %.80q, want %.80q", c.name, got, c.want)
				}
			}
		}
	}
}

func testFlagsValueInAHeaderOfTheResponse(t *testing.T, s *suite) {
	for i, c := range variants {
		path := fmt.Sprint("/variants/", i)
		s.admin.Put(path, []byte(c.node))
		inst := s.start(t, flagHeader("responseHeaders", path, c.rule))
		a, _ := inst.ask(with("X-User: ann", "X-Value: sent"))
		if got := strings.Join(a.answer["X-Value"], " | "); got != c.want || a.service.Get("X-Value") != "sent" {
			t.Errorf("%s: %.80q, want %.80q; the service sees %q", c.name, got, c.want, a.service.Get("X-Value"))
		}
	}
}

func testHeaderWithoutAValueIsRemoved(t *testing.T, s *suite) {
	late := `{"variants":{"a":"","b":"blue"},"defaultVariant":"a","targeting":{"if":[` + ann + `,"b"]}}`
	for i, node := range []string{"", `{"state":"DISABLED"}`, variant(`""`), variant(`"a\nb"`), late} {
		path := fmt.Sprint("/removed/", i)
		s.admin.Put(path, []byte(node))
		inst := s.start(t, anyCluster+"requestHeaders:\n  - {name: X-Value, flag: "+path+"}\nresponseHeaders:\n  - {name: X-Value, flag: "+path+"}\ntargetingKey: '{header.X-User}'\n")
		a, _ := inst.ask(with("X-Value: forged", "x-value: twice", "X_Value: forged"))
		if a.status != http.StatusOK || a.service["X-Value"] != nil || a.service["X_value"] != nil || a.answer["X-Value"] != nil {
			t.Errorf("%s: %q, %q, %q", node, a.service["X-Value"], a.service["X_value"], a.answer["X-Value"])
		}
	}
}

func testHeaderFollowsItsFlag(t *testing.T, s *suite) {
	inst := s.start(t, flagHeader("requestHeaders", "[/follow-flag/a, /follow-flag/b]", ""))
	for _, step := range []struct{ path, node, want string }{
		{"b", variant(`"blue"`), "blue"}, {"b", "on", "true"}, {"a", variant(`7`), "7"}, {"a", "nonsense", "7"}, {"a", "", "true"}, {"b", "", "nothing"},
	} {
		s.admin.Put("/follow-flag/"+step.path, []byte(step.node))
		inst.awaitHeader(t, "X-Value", step.want)
	}
}

func testValuesInHeadersOfTheResponse(t *testing.T, s *suite) {
	s.admin.Put("/response/a", []byte("one"))
	inst := s.start(t, gateAt("/response/gate", "default: 'on'")+"responseHeaders:\n  - {name: x-value, path: [/response/none, /response/a], default: nothing}\n")
	got := func() string { return strings.Join(inst.get("X-Value: sent").answer["X-Value"], " | ") }
	for _, want := range []string{"one", "two"} {
		s.admin.Put("/response/a", []byte(want))
		eventually(t, func() bool { return got() == want }, func() string { return got() })
	}
	s.admin.Delete("/response/a")
	eventually(t, func() bool { return got() == "nothing" }, func() string { return got() })
	s.admin.Put("/response/gate", []byte("off"))
	inst.awaitStatus(t, http.StatusForbidden)
	if got() != "nothing" {
		t.Errorf("a refusal has %q", got())
	}
}

// assignments: who got a variant keeps it, whatever the others are called and
// wherever else the flag is used.
func assignments(t *testing.T, s *suite) {
	const users = 300
	node := `{"variants":{"a":"red","b":"green","c":{"rgb":"00f"}},"defaultVariant":"a","targeting":{"fractional":[["a",50],["b",30],["c",20]]}}`
	set, err := flag.Parse([]byte(node))
	if err != nil {
		t.Fatal(err)
	}
	s.admin.Put("/assigned", []byte(node))
	config := flagHeader("requestHeaders", "/assigned", "") + "responseHeaders:\n  - {name: X-Color, flag: /assigned}\n"
	one, other := s.start(t, config), s.start(t, config+decisionLine)
	counts := map[string]int{}
	for u := range users {
		name := fmt.Sprint("user-", u)
		want := fmt.Sprint(set.Salted("/assigned").Evaluate("", nil, flag.Map{"targetingKey": name}).Value)
		want = strings.Replace(want, "map[rgb:00f]", `{"rgb":"00f"}`, 1)
		counts[want]++
		for range 2 {
			a, _ := one.ask(as(name))
			b, _ := other.ask(as(name))
			for _, got := range []string{a.service.Get("X-Value"), a.answer.Get("X-Color"), b.service.Get("X-Value"), b.answer.Get("X-Color")} {
				if got != want {
					t.Errorf("%s gets %q, want %q", name, got, want)
				}
			}
		}
	}
	if counts["red"] < 120 || counts["green"] < 60 || counts[`{"rgb":"00f"}`] < 35 {
		t.Errorf("the variants are for %v", counts)
	}
}
