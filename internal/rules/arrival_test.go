package rules

import (
	"bufio"
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// oddTexts are texts that headers can hold, and others.
var oddTexts = []string{
	"plain", "two words", " \ttrimmed\t ", "", " ", "tab\tinside", "Zürich", "\u0085", "\u00a0x\u00a0", "\u2028", "😀",
	"a\r\nX-Injected: 1", "a\nb", "a\r", "a\n", "a\n ", "\n", "\x00", "a\x0bb", "a\x7f", "a\x80", "\xff", "\xc0\x8a", "{value}", "a\r\n\r\nGET /admin HTTP/1.1\r\nHost: x\r\n\r\n",
	strings.Repeat("x", 8192), strings.Repeat("x", 8192+1), strings.Repeat("ü", 8192/2) + " ",
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
