package request

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// What is documented to be read is read to the last byte, and nothing beyond it. Each
// test here has a request that is just within a bound, and one that is just beyond it.

func checkBound(t *testing.T, within, beyond *http.Request, read func(reader *Reader) any) {
	t.Helper()
	reader := &Reader{Request: within}
	if got := read(reader); got == nil || got == "" || reader.Unread != "" {
		t.Errorf("within its bounds it is %.50v: %s", got, reader.Unread)
	}
	reader = &Reader{Request: beyond}
	if read(reader); reader.Unread == "" {
		t.Error("what is beyond its bounds is read")
	}
}

func many(count int, form, separator string) string {
	parts := make([]string, count)
	for i := range parts {
		parts[i] = fmt.Sprintf(form, i)
	}
	return strings.Join(parts, separator)
}

func letters(count int) string { return strings.Repeat("x", count) }

func withCookies(lines ...string) *http.Request {
	return &http.Request{Header: linesOf(lines...), URL: &url.URL{}}
}

func withQuery(raw string) *http.Request { return &http.Request{URL: &url.URL{RawQuery: raw}} }

func withHeader(value string) *http.Request {
	return &http.Request{Header: http.Header{"X-A": {value}}, URL: &url.URL{}}
}

func withPath(path string) *http.Request { return &http.Request{URL: &url.URL{Path: path}} }

func cookieA(reader *Reader) any { return cookieOf(parseNamed("cookie", "a"), reader) }

func TestLengthOfCookies(t *testing.T) {
	checkBound(t, withCookies("a="+letters(16<<10-2)), withCookies("a="+letters(16<<10-1)), cookieA)
}

func TestLinesOfCookies(t *testing.T) {
	lines := strings.Split(many(17, "a=%d", "|"), "|")
	checkBound(t, withCookies(lines[:16]...), withCookies(lines...), cookieA)
}

func TestNumberOfCookies(t *testing.T) {
	checkBound(t, withCookies(many(100, "c%d=x", "; ")), withCookies(many(101, "c%d=x", "; ")), func(reader *Reader) any { return cookiesOf(reader)["c99"] })
}

func TestLengthOfAQuery(t *testing.T) {
	checkBound(t, withQuery("a="+letters(16<<10-2)), withQuery("a="+letters(16<<10-1)), func(reader *Reader) any { return queryOf("a", reader) })
}

func TestParametersOfAQuery(t *testing.T) {
	checkBound(t, withQuery(many(500, "q%d=x", "&")), withQuery(many(501, "q%d=x", "&")), func(reader *Reader) any { return queryOf("q499", reader) })
}

func TestParametersBesideAMalformedOne(t *testing.T) {
	checkBound(t, withQuery("a=%&"+many(63, "q%d=x", "&")), withQuery("a=%&"+many(64, "q%d=x", "&")), func(reader *Reader) any { return queryOf("q62", reader) })
}

func TestNumberOfParameters(t *testing.T) {
	checkBound(t, withQuery(many(100, "q%d=x", "&")), withQuery(many(101, "q%d=x", "&")), func(reader *Reader) any { return parametersOf(reader)["q99"] })
}

func TestLengthOfAnAttribute(t *testing.T) {
	checkBound(t, withHeader(letters(16<<10)), withHeader(letters(16<<10+1)), func(reader *Reader) any {
		return ContextOf(AttributesFor([]string{"headers.x-a"}, nil), reader)["headers.x-a"]
	})
}

func TestLengthOfAPath(t *testing.T) {
	checkBound(t, withPath("/"+letters(16<<10-1)), withPath("/"+letters(16<<10)), func(reader *Reader) any { return segmentOf(0, reader) })
}

func TestLengthOfATargetingKey(t *testing.T) {
	configured := map[string]*Template{TargetingKey: mustParse(t, "{header.X-A}")}
	checkBound(t, withHeader(letters(4<<10)), withHeader(letters(4<<10+1)), func(reader *Reader) any {
		return ContextOf(AttributesFor([]string{TargetingKey}, configured), reader)[TargetingKey]
	})
}
