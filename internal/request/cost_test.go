package request

import (
	"net/http"
	"net/url"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/ipset"
)

// lookups are what looks at requests, each with a part of one that it is given.
var lookups = []func(text string){
	lookUpCookie, lookUpAllCookies, takeOutCookie, takeOutCookieOfLines, lookUpParameter, lookUpAllParameters, lookUpSegment, lookUpHost, lookUpAddress, lookUpTemplate,
}

func cookieRequest(lines ...string) *http.Request {
	return &http.Request{Header: http.Header{"Cookie": lines}}
}

func lookUpCookie(text string) {
	cookieOf(&term{name: "a", mark: ";a="}, &Reader{Request: cookieRequest(text)})
}

func lookUpAllCookies(text string) { cookiesOf(&Reader{Request: cookieRequest(text)}) }

func takeOutCookie(text string) { RemoveCookie(cookieRequest(text), "a") }

func takeOutCookieOfLines(text string) {
	RemoveCookie(cookieRequest(strings.SplitAfter(text, ";")...), "a")
}

func lookUpParameter(text string) { queryOf("a", &Reader{Request: withQuery(text)}) }

func lookUpAllParameters(text string) { parametersOf(&Reader{Request: withQuery(text)}) }

func lookUpSegment(text string) {
	segmentOf(3, &Reader{Request: &http.Request{URL: &url.URL{Path: "/" + text, RawPath: "/" + text}}})
}

func lookUpHost(text string) { hostOf(&http.Request{Host: text}) }

func lookUpAddress(text string) {
	r := &http.Request{Header: http.Header{"X-Real-Ip": {text}, "X-Forwarded-For": {text, text}}}
	for _, s := range []*IPStrategy{nil, {}, {Depth: MaxDepth}, {Excluded: ipset.New()}, {Header: "X-Real-Ip"}} {
		ClientAddress(s, r)
	}
}

func lookUpTemplate(text string) {
	t, _ := ParseTemplate("{path}{host}{cookie.a|query.a}{header.A}")
	expand(t, &Reader{Request: &http.Request{Host: text, URL: &url.URL{Path: text, RawQuery: text}, Header: http.Header{"Cookie": {text}, "A": {text}}}})
}

// spent is what a lookup takes, in bytes; an allocation counts as some.
func spent(look func(string), text string) float64 {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a collection would empty pools, which then are filled again
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

// units are what costly texts consist of.
var units = []string{"a", ",", ";", "a;", "a=b; ", " a =b;", "a,", "text/html;q=1,", "&", "a&", "a=%&", "a;&", "/", "/a", "/.", "%2f", "%41=&", ".", ":", " ", "\"", "\\"}

// fuzzCost: twice as much of the same costs at most 2.5 times as much.
func fuzzCost(f *testing.F, looks ...func(text string)) {
	for i := range looks {
		for _, unit := range units {
			f.Add(i, unit, 500)
		}
	}
	f.Fuzz(func(t *testing.T, which int, unit string, count int) {
		if unit == "" || count < 1 {
			return
		}
		look := looks[uint(which)%uint(len(looks))]
		count = min(count, 1<<20/len(unit))
		once, twice := spent(look, strings.Repeat(unit, count)), spent(look, strings.Repeat(unit, 2*count))
		if twice > 2.5*once+16<<10 {
			t.Errorf("%d times %q costs %.0f, twice as many %.0f", count, unit, once, twice)
		}
	})
}

func FuzzRequestCost(f *testing.F) { fuzzCost(f, lookups...) }
