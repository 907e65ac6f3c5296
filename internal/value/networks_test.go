package value

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ipset"
)

// A list of networks has any white space and commas between its entries, and comments; or it
// is one of JSON.
func TestListsOfNetworks(t *testing.T) {
	const office, home, other = "192.0.2.1", "2001:db8::1", "198.51.100.1"
	for text, want := range map[string]string{
		"192.0.2.0/24": office, "192.0.2.0/24\n2001:db8::/32\n": office + home, "192.0.2.1,2001:db8::1": office + home, " 192.0.2.1 ,\t2001:db8::1 ,\r\n": office + home,
		"# the office\n192.0.2.0/24 # since May, 198.51.100.1\n\n#2001:db8::/32": office, "192.0.2.1#198.51.100.1\r\n2001:db8::1": office + home, "0.0.0.0/0": office + other,
		`["192.0.2.0/24", "2001:db8::/32"]`: office + home, " [\n]\n": "", "#": "", "# nobody\n": "", ",": "",
	} {
		r := Read(FormatNetworks, "", nodeWith(text))
		set, isSet := r.Value.(*ipset.Set)
		if !isSet || r.Refused != nil {
			t.Errorf("%q: %v, %v", text, r.Value, r.Refused)
			continue
		}
		got := ""
		for _, address := range []string{office, home, other} {
			if ipset.Contains(set, netip.MustParseAddr(address)) {
				got += address
			}
		}
		if got != want {
			t.Errorf("%q: %s; want %s", text, got, want)
		}
	}
	for _, text := range []string{"", " \n"} {
		if r := Read(FormatNetworks, "", nodeWith(text)); r.Value != nil || r.Refused != nil {
			t.Errorf("%q: %v, %v", text, r.Value, r.Refused)
		}
	}
}

// A list with one entry that is none is refused as a whole, and says which one it is.
func TestListsThatAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"# first\n192.0.2.1\n\n10.0.0.0/33, ::1\n": `has "10.0.0.0/33" in line 4, where there should be an address or a network, as in`,
		"office":                      `has "office" in line 1`,
		"192.0.2.1;192.0.2.2":         `has "192.0.2.1;192.0.2.2" in line 1`,
		"192.0.2.1-192.0.2.9":         "in line 1",
		`["192.0.2.1", "10.0.0"]`:     `has "10.0.0" as item 2, where there should be`,
		`["192.0.2.1", null]`:         `has "" as item 2`,
		`["192.0.2.1"`:                "is no JSON list of texts: unexpected end",
		`[1]`:                         "is no JSON list of texts: json: cannot unmarshal number",
		"[::1]":                       "begins with a bracket",
		`{"ips":[]}`:                  `has "{\"ips\":[]}" in line 1`,
		"192.0.2.1\xff":               "UTF-8",
		strings.Repeat("x", 1<<20):    `xxx..." in line 1`,
		entries(mostNetworks+1, "\n"): "has more than 10,000 addresses and networks",
		`["` + entries(mostNetworks+1, `","`) + `"]`: "has more than 10,000 addresses and networks",
	} {
		r := Read(FormatNetworks, "", nodeWith(text))
		if r.Value != nil || r.Refused == nil || !strings.Contains(r.Refused.Error(), want) {
			t.Errorf("%.100q: %v, %v; want %s", text, r.Value, r.Refused, want)
		}
	}
	for _, text := range []string{entries(mostNetworks, "\n"), `["` + entries(mostNetworks, `","`) + `"]`} {
		if r := Read(FormatNetworks, "", nodeWith(text)); r.Refused != nil {
			t.Error(r.Refused)
		}
	}
}

func entries(count int, separator string) string {
	var all []string
	for i := range count {
		all = append(all, fmt.Sprintf("10.%d.%d.0/24", i/256, i%256))
	}
	return strings.Join(all, separator)
}

// A long list is parsed once a version, for all who read it.
func TestListsAreParsedOnce(t *testing.T) {
	c := nodeWith(entries(mostNetworks, "\n"))
	if first, second := Read(FormatNetworks, "", c), Read(FormatNetworks, "", c); first.Value != second.Value {
		t.Error("it is parsed again")
	}
}
