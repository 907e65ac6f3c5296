package zookeeper

import (
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
)

// lookups are what looks at requests, each with a part of one that it is given.
var lookups = []func(text string){
	func(text string) { prefersJSON([]string{text}, "text/html") },
	func(text string) { prefersJSON(strings.SplitAfter(text, ","), "text/html") },
	func(text string) {
		cookieOf(&term{name: "a", mark: ";a="}, &visitor{request: &http.Request{Header: http.Header{"Cookie": {text}}}})
	},
	func(text string) { cookiesOf(&visitor{request: &http.Request{Header: http.Header{"Cookie": {text}}}}) },
	func(text string) { withoutCookie(http.Header{"Cookie": {text}}, "a") },
	func(text string) { withoutCookie(http.Header{"Cookie": strings.SplitAfter(text, ";")}, "a") },
	func(text string) { isCookie(&secret{name: "a"}, []string{text}) },
	func(text string) { isAmong(&secret{name: "a"}, strings.SplitAfter(text, ",")) },
	func(text string) { queryOf("a", &visitor{request: &http.Request{URL: &url.URL{RawQuery: text}}}) },
	func(text string) { parametersOf(&visitor{request: &http.Request{URL: &url.URL{RawQuery: text}}}) },
	func(text string) {
		segmentOf(3, &visitor{request: &http.Request{URL: &url.URL{Path: "/" + text, RawPath: "/" + text}}})
	},
	func(text string) { hostOf(&http.Request{Host: text}) },
	func(text string) { clientIP(&http.Request{Header: http.Header{"X-Real-Ip": {text}}}) },
	func(text string) {
		t, _ := parseTemplate("{path}{host}{cookie.a|query.a}{header.A}")
		expand(t, &visitor{request: &http.Request{Host: text, URL: &url.URL{Path: text, RawQuery: text}, Header: http.Header{"Cookie": {text}, "A": {text}}}})
	},
}

// spent is what a lookup takes, in bytes; an allocation counts as some.
func spent(look func(string), text string) float64 {
	least := 1e18
	for range 3 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		look(text)
		runtime.ReadMemStats(&after)
		least = min(least, float64(after.TotalAlloc-before.TotalAlloc+16*(after.Mallocs-before.Mallocs)))
	}
	return least
}

// FuzzRequestCost: twice as much of the same costs at most 2.5 times as much.
func FuzzRequestCost(f *testing.F) {
	for i := range lookups {
		for _, unit := range []string{"a", ",", ";", "a;", "a=b; ", " a =b;", "a,", "text/html;q=1,", "&", "a&", "a=%&", "a;&", "/", "/a", "/.", "%2f", "%41=&", ".", ":", " ", "\"", "\\"} {
			f.Add(i, unit, 500)
		}
	}
	f.Fuzz(func(t *testing.T, which int, unit string, count int) {
		if unit == "" || count < 1 {
			return
		}
		look := lookups[uint(which)%uint(len(lookups))]
		count = min(count, 1<<20/len(unit))
		once, twice := spent(look, strings.Repeat(unit, count)), spent(look, strings.Repeat(unit, 2*count))
		if twice > 2.5*once+16<<10 {
			t.Errorf("%d times %q costs %.0f, twice as many %.0f", count, unit, once, twice)
		}
	})
}
