package zookeeper

import (
	"errors"
	"strings"
	"testing"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// nodeWith is what was read of a node that has this data, two children, and numbers.
func nodeWith(data string) *content {
	return &content{exists: true, data: []byte(data), children: []string{"b", "a"}, stat: &zk.Stat{Version: 3, Mtime: 1700000000000, Czxid: 12, NumChildren: 2}}
}

// A format makes a text of a node, or nothing, or refuses what stands there.
func TestReadings(t *testing.T) {
	for _, c := range []struct {
		format, key, data string
		want              string // empty for nothing
		refused           string // a part of the reason
	}{
		{formatText, "", " plain ", "plain", ""},
		{formatText, "", "", "", ""},
		{formatText, "", "  ", "", ""},
		{formatText, "", "two\nlines", "", "line break"},
		{formatText, "", "\xff", "", "UTF-8"},
		{formatText, "", strings.Repeat("x", longestHeader+1), "", "8 KiB"},
		{formatText + inBase64, "", "two\nlines", "dHdvCmxpbmVz", ""},
		{formatText + inBase64, "", "", "", ""},
		{formatJSON, "a.b", `{"a":{"b":"c"}}`, "c", ""},
		{formatJSON, "a.x", `{"a":{"b":"c"}}`, "", ""},
		{formatJSON, "a", `{"a":{"b":"c"}}`, "", "an object or a list"},
		{formatJSON, "a", "no JSON", "", "is not JSON"},
		{formatJSON, "a", "", "", ""},
		{formatJSON + inBase64, "a", `{"a":"two\nlines"}`, "dHdvCmxpbmVz", ""},
		{formatJSON, "a", `{"a":"two\nlines"}`, "", "line break"},
		{formatProperties, "a", "a = b\n", "b", ""},
		{formatProperties, "x", "a = b\n", "", ""},
		{formatProperties, "a", `a = \u00zz`, "", "hexadecimal"},
		{formatChildren, "", "", "a,b", ""},
		{formatExists, "", "", "true", ""},
		{formatVersion, "", "", "3", ""},
		{formatMtime, "", "", "1700000000000", ""},
		{formatCzxid, "", "", "12", ""},
		{formatCount, "", "", "2", ""},
		{"yaml", "", "x", "", "unknown format"},
	} {
		r := read(c.format, c.key, nodeWith(c.data))
		got, _ := r.value.(string)
		if got != c.want || (r.refused == nil) != (c.refused == "") || r.refused != nil && !strings.Contains(r.refused.Error(), c.refused) {
			t.Errorf("%s %s of %.40q: %q, %v; want %q, %q", c.format, c.key, c.data, got, r.refused, c.want, c.refused)
		}
	}
}

var allFormats = []string{
	formatText, formatJSON, formatProperties, formatChildren, formatExists, formatVersion, formatMtime, formatCzxid, formatCount, formatPage, formatFlag, formatDecider,
	formatText + inBase64, inFormat + formatJSON, inFormat + formatProperties, inFormat + formatExists,
}

// A node that doesn't exist has no value, in any format.
func TestReadingsOfMissingNodes(t *testing.T) {
	for _, format := range allFormats {
		if r := read(format, "a", &content{}); r.value != nil || r.refused != nil {
			t.Errorf("%s: %v, %v", format, r.value, r.refused)
		}
	}
}

// A node that may not be read is refused, except for what is known of it all the same.
func TestReadingsOfDeniedNodes(t *testing.T) {
	denied := nodeWith("")
	denied.denied = errors.New("may not be read")
	for _, format := range allFormats {
		r := read(format, "a", denied)
		if known := needsNoData(format); known != (r.refused == nil) || known != (r.value != nil) {
			t.Errorf("%s: %v, %v", format, r.value, r.refused)
		}
	}
}

// A page is the data as it is.
func TestReadingOfAPage(t *testing.T) {
	r := read(formatPage, "", nodeWith("two\nlines\xff"))
	if data, isData := r.value.([]byte); !isData || string(data) != "two\nlines\xff" || r.refused != nil {
		t.Errorf("%v, %v", r.value, r.refused)
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
		{formatFlag, "", "on", true, false},
		{formatFlag, "", " OFF ", false, false},
		{formatFlag, "", "", nil, false},
		{formatFlag, "", " \n", nil, false},
		{formatFlag, "checkout", set, true, false},
		{formatFlag, "bad", set, nil, true},
		{formatFlag, "", "{", nil, true},
		{inFormat + formatJSON, "a", `{"a":"off"}`, false, false},
		{inFormat + formatJSON, "a", `{"a":true}`, true, false},
		{inFormat + formatJSON, "a", `{"a":{"state":"ENABLED","variants":{"on":true},"defaultVariant":"on"}}`, true, false},
		{inFormat + formatJSON, "a", `{"a":{"variants":1}}`, nil, true},
		{inFormat + formatJSON, "x", `{"a":true}`, nil, false},
		{inFormat + formatProperties, "a", "a=off", false, false},
		{inFormat + formatProperties, "x", "a=off", nil, false},
		{inFormat + formatExists, "", "whatever", true, false},
	} {
		r := read(c.format, c.key, nodeWith(c.data))
		if c.isRefused != (r.refused != nil) || (r.value != nil) != (c.want != nil) {
			t.Errorf("%s %s of %s: %v, %v", c.format, c.key, c.data, r.value, r.refused)
			continue
		}
		if r.value == nil {
			continue
		}
		key := c.key
		if strings.HasPrefix(c.format, inFormat) {
			key = ""
		}
		if got := r.value.(*flag.Set).Evaluate(key, nil, nil); got.Value != c.want {
			t.Errorf("%s %s of %s: %v, want %v", c.format, c.key, c.data, got.Value, c.want)
		}
	}
}

func TestWordsOfFlags(t *testing.T) {
	for text, want := range map[string]bool{"true": true, "On": true, " YES\n": true, "enabled": true, "1": true, "false": false, "off": false, "no": false, "Disabled": false, "0": false} {
		if got, known := booleanWord(text); got != want || !known {
			t.Errorf("%q: %t, %t", text, got, known)
		}
	}
	for _, text := range []string{"", "2", "onn", "o n", "null"} {
		if _, known := booleanWord(text); known {
			t.Errorf("%q is a flag", text)
		}
	}
}

func TestFormatsOfChildren(t *testing.T) {
	for _, format := range allFormats {
		want := format == formatChildren || format == formatCount
		if listsChildren(format) != want || listsChildren(format+inBase64) != want {
			t.Errorf("%s: %t", format, !want)
		}
	}
}
