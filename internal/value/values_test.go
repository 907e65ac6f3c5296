package value

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// oddTexts are texts that headers can hold, and others.
var oddTexts = []string{
	"plain", "two words", " \ttrimmed\t ", "", " ", "\r\n", "42\n", "\r\n \t42\r\n", "\n\x0b", "tab\tinside", "Zürich", "\u0085", "\u00a0x\u00a0", "\u2028", "😀",
	"a\r\nX-Injected: 1", "a\nb", "a\r", "a\n", "a\n ", "\n", "\x00", "a\x0bb", "a\x7f", "a\x80", "\xff", "\xc0\x8a", "{value}", "a\r\n\r\nGET /admin HTTP/1.1\r\nHost: x\r\n\r\n",
	strings.Repeat("x", longestHeader), strings.Repeat("x", longestHeader+1), strings.Repeat("ü", longestHeader/2) + " ",
}

// FuzzHeaderValue: what a node has reaches the service as it is, in one header of
// one request, or is refused.
func FuzzHeaderValue(f *testing.F) {
	for _, data := range oddTexts {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		seen := Read(FormatText, "", &Content{Exists: true, Data: data})
		value, _ := seen.Value.(string)
		want := strings.Trim(string(data), " \t\r\n")
		if allowed := isFieldValue(want); allowed != (seen.Refused == nil) || allowed && value != want {
			t.Errorf("%q is %q, %v", data, value, seen.Refused)
		}
		checkArrives(t, value)
		checkBase64(t, data)
	})
}

// isFieldValue is what RFC 9110 allows, within the plugin's own bounds.
func isFieldValue(text string) bool {
	for _, c := range []byte(text) {
		if c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return utf8.ValidString(text) && len(text) <= 8192
}

// checkArrives sends a header's value the way that requests go.
func checkArrives(t *testing.T, value string) {
	t.Helper()
	sent := &http.Request{Method: http.MethodGet, URL: &url.URL{Scheme: "http", Host: "service", Path: "/"}, Header: http.Header{"X-A": {value}, "User-Agent": {"test"}}}
	var wire bytes.Buffer
	if err := sent.Write(&wire); err != nil {
		t.Fatalf("%q: %v", value, err)
	}
	received, err := http.ReadRequest(bufio.NewReader(&wire))
	if err != nil || len(received.Header) != 2 || len(received.Header["X-A"]) != 1 || received.Header.Get("X-A") != value {
		t.Errorf("%q arrives as %q, %v", value, received.Header, err)
	}
}

// checkBase64: in that encoding anything is a value, if it is short enough.
func checkBase64(t *testing.T, data []byte) {
	t.Helper()
	seen := Read(FormatText+inBase64, "", &Content{Exists: true, Data: data})
	text, _ := seen.Value.(string)
	back, err := base64.StdEncoding.DecodeString(text)
	long := base64.StdEncoding.EncodedLen(len(data)) > longestHeader
	if long != (seen.Refused != nil) || !long && (err != nil || !bytes.Equal(back, data)) {
		t.Errorf("%q is %q in base64, %v, %v", data, text, seen.Refused, err)
	}
	checkArrives(t, text)
}

func TestHeaderText(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "",
		"plain":                          "plain",
		" \ttrimmed\t ":                  "trimmed",
		"tab\tinside":                    "tab\tinside",
		"Zürich":                         "Zürich",
		strings.Repeat("x", 8192):        strings.Repeat("x", 8192),
		"42\n":                           "42",
		"42\r\n\r\n":                     "42",
		"\n \t42 \r\n":                   "42",
		"\n":                             "",
		" \r\n\t":                        "",
		"\u00a0x\u00a0":                  "\u00a0x\u00a0",
		strings.Repeat("x", 8192) + "\n": strings.Repeat("x", 8192),
	} {
		got, err := HeaderText(text)
		if err != nil || got != want {
			t.Errorf("%.20q gives %.20q, %v", text, got, err)
		}
	}
	for _, text := range []string{"a\nb", "a\rb", "a\n\nb\n", "a\x00\n", "\x0ba", "a\x0c", "\x00", "\x1f", "\x7f", "\xff", strings.Repeat("x", 8193)} {
		if got, err := HeaderText(text); err == nil {
			t.Errorf("%.20q gives %.20q", text, got)
		}
	}
}

// What an editor puts in front of a text is no part of it, in any format.
func TestByteOrderMark(t *testing.T) {
	for format, text := range map[string]string{FormatText: "v", FormatJSON: `{"k": "v"}`, FormatProperties: "k = v\nl = w\n"} {
		for _, mark := range []string{"", "\ufeff"} {
			r := Read(format, "k", &Content{Exists: true, Data: []byte(mark + text)})
			if r.Value != "v" {
				t.Errorf("%s with %q: %q, %v", format, mark, r.Value, r.Refused)
			}
		}
	}
}
