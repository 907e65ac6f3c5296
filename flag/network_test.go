package flag

import (
	"fmt"
	"strings"
	"testing"
)

func inNetworkFlag(operands string) string {
	return `{"variants": {"in": "in", "out": "out", "null": "null"}, "defaultVariant": "out", "targeting": {"if": [{"===": [{"in_network": ` + operands + `}, null]}, "null", {"in_network": ` + operands + `}, "in", "out"]}}`
}

// An address is in a network or it isn't. What is no address is neither.
func TestInNetwork(t *testing.T) {
	for _, c := range []struct {
		operands, ip, want string
	}{
		{`[{"var": "ip"}, ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7"]]`, "10.1.2.3", "in"},
		{`[{"var": "ip"}, ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7"]]`, "2001:db8::1", "in"},
		{`[{"var": "ip"}, ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7"]]`, "192.0.2.7", "in"},
		{`[{"var": "ip"}, ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7"]]`, "192.0.2.8", "out"},
		{`[{"var": "ip"}, ["10.0.0.0/8"]]`, "::ffff:10.0.0.1", "in"},
		{`[{"var": "ip"}, "10.0.0.0/8"]`, "10.0.0.1", "in"},
		{`[{"var": "ip"}, []]`, "10.0.0.1", "out"},
		{`[{"cat": ["10.0.0.", {"var": "ip"}]}, ["10.0.0.0/8"]]`, "1", "in"},
		{`[{"var": "ip"}, ["10.0.0.0/8"]]`, "", "null"},
		{`[{"var": "ip"}, ["10.0.0.0/8"]]`, "10.0.0", "null"},
		{`[{"var": "ip"}, ["10.0.0.0/8"]]`, "10.0.0.1/8", "null"},
		{`[{"var": "ip"}, ["10.0.0.0/8"]]`, strings.Repeat("1", 1<<16), "null"},
		{`[{"var": "none"}, ["10.0.0.0/8"]]`, "10.0.0.1", "null"},
		{`[10, ["10.0.0.0/8"]]`, "", "null"},
	} {
		set, err := Parse([]byte(inNetworkFlag(c.operands)))
		if err != nil {
			t.Fatal(err)
		}
		if ev := EvaluateMap(set, "", "none", Map{"ip": c.ip}); ev.Value != c.want {
			t.Errorf("%s of %.40q: %+v, want %s", c.operands, c.ip, ev, c.want)
		}
	}
}

// The networks are checked with the flag, and the attribute is among those that it looks up.
func TestNetworksOfAFlag(t *testing.T) {
	for operands, want := range map[string]string{
		`[{"var": "ip"}]`: "without its two operands",
		`[{"var": "ip"}, ["10.0.0.0/8"], ["10.0.0.0/8"]]`:  "without its two operands",
		`[{"var": "ip"}, {"var": "list"}]`:                 "without its two operands",
		`[{"var": "ip"}, [["10.0.0.0/8"]]]`:                "without its two operands",
		`[{"var": "ip"}, [10]]`:                            "without its two operands",
		`[{"var": "ip"}, ["10.0.0.0/33"]]`:                 `has "10.0.0.0/33" among the networks`,
		`[{"var": "ip"}, "home"]`:                          `has "home" among the networks`,
		`[{"var": "ip"}, ` + networks(MaxOperations) + `]`: "more than 10000 operations and operands",
	} {
		set, err := Parse([]byte(inNetworkFlag(operands)))
		if err == nil {
			err = set.Err("")
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.100s: %v; want %s", operands, err, want)
		}
	}
	set, err := Parse([]byte(inNetworkFlag(`[{"var": "ip"}, ` + networks(MaxOperations/2-10) + `]`)))
	if err != nil || set.Err("") != nil {
		t.Fatal(err, set.Err(""))
	}
	if names, complete := set.Attributes(""); fmt.Sprint(names) != "[ip]" || !complete {
		t.Errorf("it looks up %q, %t", names, complete)
	}
	// In a loop, each network takes a step for each element.
	loop := `{"variants": {"on": true, "off": false}, "defaultVariant": "off", "targeting": {"if": [{"some": [` + listOf(100, `"10.0.0.1"`) + `, {"in_network": [{"var": ""}, ` + strings.ReplaceAll(networks(1000), `"10.`, `"11.`) + `]}]}, "on"]}}`
	set, err = Parse([]byte(loop))
	if err != nil {
		t.Fatal(err)
	}
	if ev := EvaluateMap(set, "", false, Map{}); !Exceeded(ev) {
		t.Errorf("%+v", ev)
	}
}

func networks(count int) string {
	var all []string
	for i := range count {
		all = append(all, fmt.Sprintf(`"10.%d.%d.0/24"`, i/256, i%256))
	}
	return "[" + strings.Join(all, ", ") + "]"
}
