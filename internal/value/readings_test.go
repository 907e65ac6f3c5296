package value

import (
	"errors"
	"strings"
	"testing"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// nodeWith is what was read of a node that has this data, two children, and numbers.
func nodeWith(data string) *Content {
	return &Content{Exists: true, Data: []byte(data), Children: []string{"b", "a"}, Stat: &zk.Stat{Version: 3, Mtime: 1700000000000, Czxid: 12, NumChildren: 2}}
}

// A format makes a text of a node, or nothing, or refuses what stands there.
func TestReadings(t *testing.T) {
	for _, c := range []struct {
		format, key, data string
		want              string // empty for nothing
		refused           string // a part of the reason
	}{
		{FormatText, "", " plain ", "plain", ""},
		{FormatText, "", "", "", ""},
		{FormatText, "", "42\n", "42", ""},
		{FormatText, "", "\r\n 42 \r\n", "42", ""},
		{FormatText, "", "\r\n", "", ""},
		{FormatText, "", "two\nlines\n", "", "line break"},
		{FormatText, "", strings.Repeat("x", longestHeader) + "\n", strings.Repeat("x", longestHeader), ""},
		{FormatJSON, "a", `{"a":"42\n"}`, "42", ""},
		{FormatJSON, "a", `{"a":"\n"}`, "", ""},
		{FormatProperties, "a", `a = 42\n`, "42", ""},
		{FormatProperties, "a", `a = \n`, "", ""},
		{FormatText + inBase64, "", "42\n", "NDIK", ""},
		{FormatText + inBase64, "", "\n", "Cg==", ""},
		{FormatText, "", "  ", "", ""},
		{FormatText, "", "two\nlines", "", "line break"},
		{FormatText, "", "\xff", "", "UTF-8"},
		{FormatText, "", strings.Repeat("x", longestHeader+1), "", "8 KiB"},
		{FormatText + inBase64, "", "two\nlines", "dHdvCmxpbmVz", ""},
		{FormatText + inBase64, "", "", "", ""},
		{FormatJSON, "a.b", `{"a":{"b":"c"}}`, "c", ""},
		{FormatJSON, "a.x", `{"a":{"b":"c"}}`, "", ""},
		{FormatJSON, "a", `{"a":{"b":"c"}}`, "", "an object or a list"},
		{FormatJSON, "a", "no JSON", "", "is not JSON"},
		{FormatJSON, "a", "", "", ""},
		{FormatJSON + inBase64, "a", `{"a":"two\nlines"}`, "dHdvCmxpbmVz", ""},
		{FormatJSON, "a", `{"a":"two\nlines"}`, "", "line break"},
		{FormatProperties, "a", "a = b\n", "b", ""},
		{FormatProperties, "x", "a = b\n", "", ""},
		{FormatProperties, "a", `a = \u00zz`, "", "hexadecimal"},
		{FormatChildren, "", "", "a,b", ""},
		{FormatExists, "", "", "true", ""},
		{FormatVersion, "", "", "3", ""},
		{FormatMtime, "", "", "1700000000000", ""},
		{FormatCzxid, "", "", "12", ""},
		{FormatCount, "", "", "2", ""},
		{"yaml", "", "x", "", "unknown format"},
	} {
		r := Read(c.format, c.key, nodeWith(c.data))
		got, _ := r.Value.(string)
		if got != c.want || (r.Refused == nil) != (c.refused == "") || r.Refused != nil && !strings.Contains(r.Refused.Error(), c.refused) {
			t.Errorf("%s %s of %.40q: %q, %v; want %q, %q", c.format, c.key, c.data, got, r.Refused, c.want, c.refused)
		}
	}
}

var allFormats = []string{
	FormatText, FormatJSON, FormatProperties, FormatChildren, FormatExists, FormatVersion, FormatMtime, FormatCzxid, FormatCount, FormatPage, FormatNetworks, FormatFlag, FormatDecider,
	FormatText + inBase64, inFormat + FormatJSON, inFormat + FormatProperties, inFormat + FormatExists,
}

// A node that doesn't exist has no value, in any format.
func TestReadingsOfMissingNodes(t *testing.T) {
	for _, format := range allFormats {
		if r := Read(format, "a", &Content{}); r.Value != nil || r.Refused != nil {
			t.Errorf("%s: %v, %v", format, r.Value, r.Refused)
		}
	}
}

// A node that may not be read is refused, except for what is known of it all the same.
func TestReadingsOfDeniedNodes(t *testing.T) {
	denied := nodeWith("")
	denied.Denied = errors.New("may not be read")
	for _, format := range allFormats {
		r := Read(format, "a", denied)
		if known := needsNoData(format); known != (r.Refused == nil) || known != (r.Value != nil) {
			t.Errorf("%s: %v, %v", format, r.Value, r.Refused)
		}
	}
}

// A page is the data as it is.
func TestReadingOfAPage(t *testing.T) {
	r := Read(FormatPage, "", nodeWith("two\nlines\xff"))
	if data, isData := r.Value.([]byte); !isData || string(data) != "two\nlines\xff" || r.Refused != nil {
		t.Errorf("%v, %v", r.Value, r.Refused)
	}
}

// A flag is the one of its key, from whatever format it comes, and has to be good.
func TestReadingsOfFlags(t *testing.T) {
	const set = `{"flags":{"checkout":{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"on"},"bad":{"variants":{},"defaultVariant":"lost"}}}`
	for _, c := range []struct {
		format, key, data string
		want              any // nil for no flag
		isRefused         bool
	}{
		{FormatFlag, "", "on", true, false},
		{FormatFlag, "", " OFF ", false, false},
		{FormatFlag, "", "", nil, false},
		{FormatFlag, "", " \n", nil, false},
		{FormatFlag, "checkout", set, true, false},
		{FormatFlag, "bad", set, nil, true},
		{FormatFlag, "", "{", nil, true},
		{inFormat + FormatJSON, "a", `{"a":"off"}`, false, false},
		{inFormat + FormatJSON, "a", `{"a":true}`, true, false},
		{inFormat + FormatJSON, "a", `{"a":{"state":"ENABLED","variants":{"on":true},"defaultVariant":"on"}}`, true, false},
		{inFormat + FormatJSON, "a", `{"a":{"variants":1}}`, nil, true},
		{inFormat + FormatJSON, "x", `{"a":true}`, nil, false},
		{inFormat + FormatProperties, "a", "a=off", false, false},
		{inFormat + FormatProperties, "x", "a=off", nil, false},
		{inFormat + FormatExists, "", "whatever", true, false},
	} {
		r := Read(c.format, c.key, nodeWith(c.data))
		if c.isRefused != (r.Refused != nil) || (r.Value != nil) != (c.want != nil) {
			t.Errorf("%s %s of %s: %v, %v", c.format, c.key, c.data, r.Value, r.Refused)
			continue
		}
		if r.Value == nil {
			continue
		}
		key := c.key
		if strings.HasPrefix(c.format, inFormat) {
			key = ""
		}
		if got := r.Value.(*flag.Set).Evaluate(key, nil, nil); got.Value != c.want {
			t.Errorf("%s %s of %s: %v, want %v", c.format, c.key, c.data, got.Value, c.want)
		}
	}
}

func TestWordsOfFlags(t *testing.T) {
	for text, want := range map[string]bool{"true": true, "On": true, " YES\n": true, "enabled": true, "1": true, "false": false, "off": false, "no": false, "Disabled": false, "0": false} {
		if got, known := ParseBool(text); got != want || !known {
			t.Errorf("%q: %t, %t", text, got, known)
		}
	}
	for _, text := range []string{"", "2", "onn", "o n", "null"} {
		if _, known := ParseBool(text); known {
			t.Errorf("%q is a flag", text)
		}
	}
}

func TestFormatsOfChildren(t *testing.T) {
	for _, format := range allFormats {
		want := format == FormatChildren || format == FormatCount
		if ListsChildren(format) != want || ListsChildren(format+inBase64) != want {
			t.Errorf("%s: %t", format, !want)
		}
	}
}
