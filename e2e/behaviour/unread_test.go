package behaviour

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func behindMany(part, last string) string { return strings.Repeat(part, 1000) + last }

// unreadable are what a flag looks at, requests in which that can't be read as a whole or
// is read in two ways, and requests with oddities that make no difference to it.
var unreadable = []struct {
	attribute     string
	unread, plain []request
}{
	{"query.debug",
		[]request{
			to("/?debug=1&" + behindMany("a&", "")), to("/?" + behindMany("a&", "debug=1")), to("/?debug=1&a=" + strings.Repeat("x", 20000)),
			to("/?debug=1%"), to("/?debug=%zz&a=b"), to("/?a=b;debug=1"), to("/?debug=1;a=b"), to("/?%64ebug=1%"), to("/?debug=0&debug=1%"), to("/?%zz=1&debug=1"),
			to("/?a=%&" + strings.Repeat("a&", 70) + "debug=1"),
		},
		[]request{to("/"), to("/?a=50%&b=;c"), to("/?a;b&c=%zz"), to("/?" + strings.Repeat("a&", 400)), to("/?debugger=%"), to("/?debug="), to("/?a=" + strings.Repeat("x", 16000))}},
	{"cookies.banned",
		[]request{
			with("Cookie: banned=1; " + behindMany("aaaaaaa=aaaaaaaaa; ", "")), with("Cookie: " + behindMany("aaaaaaa=aaaaaaaaa; ", "banned=1")),
			with(append(many("Cookie", 20), "Cookie: banned=1")...), with("Cookie: ban ned=1"),
		},
		[]request{{}, with("Cookie: a"), with("Cookie: a b=c;\tbanned= "), with("Cookie: a=\"b; c d=e;; =; \"x=y"), with("Cookie: a=b  c;d =e"), with("Cookie: " + strings.Repeat("a=b; ", 3000)), with("Cookie: xbanned=1; banned2=1"), with("Cookie: banned")}},
	{"headers.x-plan",
		[]request{with("X-Plan: " + strings.Repeat("x", 20000)), with("X-Plan: "+strings.Repeat("x", 20000), "X-Plan: free")},
		[]request{{}, with("X-Other: " + strings.Repeat("x", 20000)), with(many("X-Other", 5000)...), with("X-Plan: ")}},
	{"segment", // {path.2}, by context
		[]request{to("/a/b/../c"), to("/a//b"), to("/a/b%2fc"), to("/a/b/" + strings.Repeat("c/", 10000)), to("/a/;b/c")},
		[]request{to("/"), to("/a"), to("/a/"), {method: "OPTIONS", url: "/a"}}},
	{"joined", // {header.X-Plan}{path}{query.debug}, by context
		[]request{{url: "/" + strings.Repeat("a", 10000) + "?debug=1", headers: []string{"X-Plan: " + strings.Repeat("x", 10000)}}, {url: "/?debug=1%", headers: []string{"X-Plan: x"}}},
		[]request{to("/?debug=1"), with("X-Plan: x")}},
	{"targetingKey",
		[]request{with("X-User: " + strings.Repeat("x", 5000))},
		[]request{{}}},
	{"ip",
		[]request{from("192.0.2.1:1", "X-Real-Ip: 192.0.2.1", "X-Forwarded-For: 192.0.2.2"), from("192.0.2.1:1", "X-Real-Ip: x"), from("192.0.2.1:1", "X-Forwarded-For: 192.0.2.1")},
		nil},
	{"either", // {cookie.banned|ip}, by context
		[]request{with("Cookie: " + strings.Repeat("a", 20000))}, nil},
}

const unreadContext = "targetingKey: '{header.X-User}'\ncontext: {segment: '{path.2}', joined: '{header.X-Plan}{path}{query.debug}', either: '{cookie.banned|ip}'}\n"

var unread = []behaviour{
	{"what can't be read closes a gate that has no default, whatever its flag", testWhatCantBeReadClosesAGateWithoutADefault},
	{"what makes no difference closes no gate", testWhatMakesNoDifferenceClosesNoGate},
	{"what can't be read stays so, whatever else a flag looks at", testWhatCantBeReadStaysSoWhateverElseAFlagLooksAt},
	{"a request for which an evaluation takes too long can't be read", testRequestForWhichAnEvaluationTakesTooLongCantBeRead},
	{"all headers, cookies or parameters, where there are too many", testAllHeadersCookiesOrParametersWhereThereAreTooMany},
	{"what can't be read leaves the next gate to itself", testWhatCantBeReadLeavesTheNextGateToItself},
	{"placeholders that can't be read", testPlaceholdersThatCantBeRead},
	{"placeholders that are too long to be read", testPlaceholdersThatAreTooLongToBeRead},
	{"a secret's cookie is taken out, and the others stay as they came", testSecretsCookieIsTakenOutAndTheOthersStayAsTheyCame},
	{"secrets that are too long", testSecretsThatAreTooLong},
}

func testWhatCantBeReadClosesAGateWithoutADefault(t *testing.T, s *suite) {
	for i, c := range unreadable {
		path := fmt.Sprint("/unread/", i)
		for _, flag := range []string{`{"!!":{"var":"` + c.attribute + `"}}`, `{"!":{"var":"` + c.attribute + `"}}`} {
			s.admin.Put(path, []byte(when(flag)))
			for lines, want := range map[string]int{
				"blockWhen: 'on'": 403, "blockWhen: 'off'": 403, "default: 'off'": 403, "blockWhen: 'on'\n    default: 'on'": 403,
				"blockWhen: 'on'\n    default: 'off'": 200, "default: 'on'": 200,
			} {
				inst := s.start(t, gateAt(path, lines)+unreadContext)
				for _, q := range c.unread {
					if got := inst.status(q); got != want {
						t.Errorf("%s, %q: %.200s gets %d", flag, lines, fmt.Sprintf("%+v", q), got)
					}
				}
			}
		}
	}
}

func testWhatMakesNoDifferenceClosesNoGate(t *testing.T, s *suite) {
	for i, c := range unreadable {
		path := fmt.Sprint("/unread/plain/", i)
		s.admin.Put(path, []byte(when(`{"!!":{"var":"`+c.attribute+`"}}`)))
		inst := s.start(t, gateAt(path, "blockWhen: 'on'")+unreadContext)
		for _, q := range c.plain {
			if got := inst.status(q); got != http.StatusOK {
				t.Errorf("%s: %.200s gets %d", c.attribute, fmt.Sprintf("%+v", q), got)
			}
		}
	}
}

func testWhatCantBeReadStaysSoWhateverElseAFlagLooksAt(t *testing.T, s *suite) {
	for i, c := range []struct {
		attribute string
		request   request
	}{
		{"query.a", to("/?a=1%")}, {"cookies.a", request{url: "/?b=%", headers: many("Cookie", 20)}}, {"headers.x-a", request{url: "/?b=%", headers: []string{"X-A: " + strings.Repeat("x", 20000)}}},
		{"segment", request{url: "/a/../b?b=%"}},
	} {
		path := fmt.Sprint("/unread/both/", i)
		s.admin.Put(path, []byte(when(`{"or":[`+is(c.attribute, "1")+`,`+is("query.zz", "1")+`]}`)))
		inst := s.start(t, gateAt(path, "blockWhen: 'on'")+unreadContext)
		if got := inst.status(c.request); got != http.StatusForbidden {
			t.Errorf("%s: %.100s gets %d", c.attribute, fmt.Sprintf("%+v", c.request), got)
		}
	}
}

func testRequestForWhichAnEvaluationTakesTooLongCantBeRead(t *testing.T, s *suite) {
	agents := strings.Join(manyOf(`{"in":["bot%d-",{"var":"headers.user-agent"}]}`, 100), ",")
	s.admin.Put("/unread/agents", []byte(when(`{"or":[`+agents+`]}`)))
	s.admin.Put("/unread/joined", []byte(when(`{"in":["bot",{"cat":[`+strings.TrimSuffix(strings.Repeat(`{"var":"headers.user-agent"},`, 5), ",")+`]}]}`)))
	s.admin.Put("/unread/anyway", []byte(when(`{"or":[{"!!":{"var":"headers.user-agent"}},{"none":[`+"["+strings.Repeat("1,", 19999)+"1]"+`,{"==":[{"var":""},2]}]}]}`)))
	short, long := with("User-Agent: Mozilla/5.0"), with("User-Agent: "+strings.Repeat("x", 16000)+"bot99-")
	for lines, want := range map[string]int{"blockWhen: 'on'": 403, "blockWhen: 'on'\n    default: 'off'": 200, "default: 'on'": 200} {
		for _, path := range []string{"/unread/agents", "/unread/joined"} {
			inst := s.start(t, gateAt(path, lines))
			if got := inst.status(long); got != want {
				t.Errorf("%s, %q: a long one gets %d", path, lines, got)
			}
			if got := inst.status(short); lines == "blockWhen: 'on'" && got != http.StatusOK {
				t.Errorf("%s: a short one gets %d", path, got)
			}
		}
	}
	if got := s.start(t, gateAt("/unread/anyway", "blockWhen: 'on'")).status(request{}); got != http.StatusOK {
		t.Errorf("a flag that takes too long by itself isn't the default: %d", got)
	}
}

func testAllHeadersCookiesOrParametersWhereThereAreTooMany(t *testing.T, s *suite) {
	for i, c := range []struct {
		name    string
		request request
	}{
		{"headers.x-a", with(append(manyOf("X-%d: y", 200), "X-A: 1")...)}, {"cookies.a", with("Cookie: " + strings.Join(manyOf("c%d=y", 200), "; ") + "; a=1")},
		{"query.a", to("/?" + strings.Join(manyOf("q%d=y", 200), "&") + "&a=1")}, {"query.a", to("/?b=%&a=1")}, {"headers.x-a", with("X-B: "+strings.Repeat("x", 20000), "X-A: 1")},
		{"path", to("/" + strings.Repeat("x", 20000))},
	} {
		path := fmt.Sprint("/unread/all/", i)
		s.admin.Put(path, []byte(when(`{"!!":{"var":{"cat":["`+c.name+`",""]}}}`)))
		inst := s.start(t, gateAt(path, "blockWhen: 'on'"))
		if got := inst.status(c.request); got != http.StatusForbidden {
			t.Errorf("%s: %.100s gets %d", c.name, fmt.Sprintf("%+v", c.request), got)
		}
	}
}

func testWhatCantBeReadLeavesTheNextGateToItself(t *testing.T, s *suite) {
	s.admin.Put("/unread/first", []byte(when(is("query.debug", "1"))))
	s.admin.Put("/unread/second", []byte(when(is("headers.x-plan", "free"))))
	inst := s.start(t, gateAt("/unread/first", "dryRun: true", "blockWhen: 'on'")+"  - {path: /unread/second, blockWhen: 'on'}\n"+decisionLine)
	first := `dry-run; flag="/unread/first"; reason=ERROR; error=GENERAL; age=0, `
	for plan, second := range map[string]string{"gold": `pass; flag="/unread/second"; variant="off"; reason=DEFAULT; age=0`, "free": `block; flag="/unread/second"; variant="on"; reason=TARGETING_MATCH; age=0`} {
		q := request{url: "/?debug=1%", headers: []string{"X-Plan: " + plan}}
		if got := inst.decision(q); got != first+second {
			t.Errorf("%s: %s", plan, got)
		}
	}
}

func testPlaceholdersThatCantBeRead(t *testing.T, s *suite) {
	s.admin.Put("/unread/tenants/ann", []byte("hers"))
	s.admin.Put("/unread/gates/ann", []byte("on"))
	s.admin.Put("/unread/other", []byte("on"))
	s.admin.Put("/unread/flag", []byte(`{"variants":{"a":"x","b":"y"},"defaultVariant":"a","targeting":{"if":[`+is("query.t", "ann")+`,"b"]}}`))
	inst := s.start(t, anyCluster+"requestHeaders:\n  - {name: X-Value, path: '/unread/tenants/{query.t}, /unread/other', default: nothing}\n"+
		"  - {name: X-Either, path: '/unread/tenants/{query.t|''ann''}', default: nothing}\n  - {name: X-Flag, flag: /unread/flag, default: nothing}\n")
	gated := s.start(t, anyCluster+"gates:\n  - {path: '/unread/gates/{query.t}, /unread/other'}\n")
	for url, want := range map[string]string{"/?t=ann": "hers hers y 200", "/": "on hers x 200", "/?t=ann%": "nothing nothing nothing 403", "/?" + behindMany("a&", "t=ann"): "nothing nothing nothing 403"} {
		a := inst.send(http.MethodGet, "", url)
		got := fmt.Sprint(a.service.Get("X-Value"), " ", a.service.Get("X-Either"), " ", a.service.Get("X-Flag"), " ", gated.status(to(url)))
		if got != want {
			t.Errorf("%.30s: %s, want %s", url, got, want)
		}
	}
}

func testPlaceholdersThatAreTooLongToBeRead(t *testing.T, s *suite) {
	s.admin.Put("/unread/long/ann", []byte("on"))
	for part, form := range map[string]string{"{header.X-User}": "X-User: ", "{host}": "Host: ", "{header.X-None|header.X-User}": "X-User: "} {
		inst := s.start(t, gateAt("'/unread/long/"+part+"'", "blockWhen: 'on'"))
		lax := s.start(t, gateAt("'/unread/long/"+part+"'", "blockWhen: 'on'", "default: 'off'"))
		for value, want := range map[string]string{"ann": "403 403", "eve": "200 200", strings.Repeat("x", 2000): "200 200", strings.Repeat("x", 17000): "403 200"} {
			q := with(form + value)
			if part == "{host}" {
				q = request{host: value}
			}
			if got := fmt.Sprint(inst.status(q), " ", lax.status(q)); got != want {
				t.Errorf("%s, %d bytes: %s, want %s", part, len(value), got, want)
			}
		}
	}
}

func testSecretsCookieIsTakenOutAndTheOthersStayAsTheyCame(t *testing.T, s *suite) {
	inst := s.start(t, gateAt("/unread/on", "blockWhen: 'on'", "bypass: {cookie: {name: pass, value: "+password+"}}"))
	for cookie, want := range map[string]string{
		"a;b;  c=d;e =\"f;g\"": "a;b;  c=d;e =\"f;g\"", "a=b;pass=x;c=d": "a=b;c=d", "pass=x": "", "pass=x; a=b": "a=b", "a=b; pass=x": "a=b", "a=b; pass=x;": "a=b",
		"a=b;  pass=x;c=d": "a=b; c=d", "pass=1; a=pass=2; pass=3": "a=pass=2", "xpass=1; pass2=2": "xpass=1; pass2=2", " pass =x; a=b": "a=b", "\tpass\t=x;a=b": "a=b",
		strings.Repeat("a;", 9000): strings.Repeat("a;", 9000), strings.Repeat("a;", 9000) + "pass=x": "", "a=b; " + strings.Repeat("pass=x; ", 20): "", strings.Repeat("a", 100000): "",
	} {
		a := inst.get("Cookie: " + cookie)
		if got := strings.Join(a.service["Cookie"], "|"); got != want {
			t.Errorf("of %.100q the service sees %.100q, want %.100q", cookie, got, want)
		}
	}
	if a := inst.get(append(many("Cookie", 100), "Cookie: pass=x")...); a.service["Cookie"] != nil {
		t.Errorf("of many lines the service sees %.100q", a.service["Cookie"])
	}
}

func testSecretsThatAreTooLong(t *testing.T, s *suite) {
	long := strings.Repeat("s", 4096)
	inst := s.start(t, gateAt("/unread/on", "bypass: {header: {name: X-Pass, value: "+long+"}}"))
	for value, want := range map[string]int{long: http.StatusOK, long + "s": http.StatusForbidden, long[1:]: http.StatusForbidden} {
		if got := inst.status(with("X-Pass: " + value)); got != want {
			t.Errorf("%d bytes get %d", len(value), got)
		}
	}
	guarded(t, s, mistake{"a secret", gateRule("path: /a, bypass: {cookie: {name: pass, value: " + long + "s}}"), []string{"gates[0].bypass.cookie.value", "4097 bytes", "4096"}})
}

func manyOf(form string, count int) []string {
	var all []string
	for i := range count {
		all = append(all, fmt.Sprintf(form, i))
	}
	return all
}
