package behaviour

import (
	"fmt"
	"strings"
	"testing"
)

// mistaken are flags that are written wrongly, and what is said of them.
var mistaken = []behaviour{
	{"a flag with two operators in one operation isn't served", testTwoOperatorsAreRefused},
	{"a suspicious flag is told once a version, for all who read it", testSuspiciousFlagIsToldOnce},
	{"flags that don't fit their rules", testFlagsThatDontFit},
	{"what a definition shows is told in one line", testMistakesAreToldInOneLine},
	{"flags of nodes that requests name", testNodesThatRequestsNameAreToldOf},
	{"errors that only requests show are told once a version", testErrorsOfRequestsAreToldOnce},
	{"suspicious flags in the status", testSuspiciousFlagsInTheStatus},
}

// linesFrom are those with all of the words that the plugin has printed after a mark.
func (s *suite) linesFrom(from int, words ...string) []string {
	var found []string
	for _, line := range strings.Split(s.plugin.Output()[from:], "\n") {
		has := true
		for _, word := range words {
			has = has && strings.Contains(line, word)
		}
		if has {
			found = append(found, line)
		}
	}
	return found
}

// onceTold checks that exactly one line has all of the words, now and after some requests.
func (s *suite) onceTold(t *testing.T, from int, inst *instance, words ...string) {
	t.Helper()
	s.awaitPrinted(t, from, words...)
	for range 20 {
		inst.ask(as("ann"))
	}
	if found := s.linesFrom(from, words...); len(found) != 1 {
		t.Errorf("%q is told %d times:\n%s", words, len(found), strings.Join(found, "\n"))
	}
}

const twoOperators = `{"variants":{"on":true,"off":false},"targeting":{"if":[{"==":[1,2],"and":[false]},"on","off"]}}`

func testTwoOperatorsAreRefused(t *testing.T, s *suite) {
	at := "/mistakes/" + uniqueCluster()
	s.admin.Put(at, []byte("off"))
	from := len(s.plugin.Output())
	inst := s.start(t, byUser(at)+decisionLine)
	inst.awaitStatus(t, 403)
	s.admin.Put(at, []byte(twoOperators))
	s.onceTold(t, from, inst, at+" refused as flag", `targeting.if[0]: {"==", "and"}: an operation has one operator`)
	decision := ""
	eventually(t, func() bool { // the line is printed before requests go by it
		decision = inst.decision(as("ann"))
		return strings.Contains(decision, "error=PARSE_ERROR")
	}, func() string { return "decision " + decision })
	if inst.status(as("ann")) != 403 || !strings.Contains(decision, "block; ") {
		t.Errorf("decision %s", decision)
	}
	s.admin.Put(at, []byte("on"))
	inst.awaitStatus(t, 200)

	fresh := at + "-new"
	s.admin.Put(fresh, []byte(twoOperators))
	if d := s.start(t, byUser(fresh)+decisionLine).decision(as("ann")); !strings.Contains(d, "block; ") || !strings.Contains(d, "error=PARSE_ERROR") {
		t.Errorf("without a version before: %s", d)
	}
}

func testSuspiciousFlagIsToldOnce(t *testing.T, s *suite) {
	at := "/mistakes/" + uniqueCluster()
	s.admin.Put(at, []byte(when(`{"sem_ver":[{"var":"headers.x-version"},"==","1.2.x"]}`)))
	from := len(s.plugin.Output())
	name := uniqueCluster()
	config := "clusters: {" + name + ": {servers: $SERVERS}}\ngates: [{path: " + at + "}]\ntargetingKey: '{header.X-User}'\n"
	inst := s.start(t, config)
	for range 5 {
		s.start(t, config+"dryRun: true\n").get()
	}
	s.onceTold(t, from, inst, at+" has a mistake as flag: ", `targeting.if[0].sem_ver[1]: sem_ver has no operator "=="; write "="`, `targeting.if[0].sem_ver[2]: "1.2.x" is no version`)
	from = len(s.plugin.Output())
	s.admin.Put(at, []byte(targeted(`{"if":[true,"on","off"]}`)))
	s.onceTold(t, from, inst, at+" is suspicious as flag: ", "targeting.if[2]: is never reached")
	from = len(s.plugin.Output())
	s.admin.Put(at, []byte(when(`{"and":[{"in":[{"lower":[{"var":"headers.x-user"}]},["ann","Bob"]]},{"==":["host",true]},{">":[{"var":["headers.x-version"]},"2.0.0"]}]}`)))
	s.onceTold(t, from, inst, at+" is suspicious as flag: ", `in[1]: lower never gives "Bob"; write "bob"`, `write {"var": "host"}`, `write {"sem_ver": [{"var": "headers.x-version"}, ">", "2.0.0"]}`)
	from = len(s.plugin.Output())
	s.admin.Put(at, []byte(when(ann)))
	eventually(t, func() bool { return inst.status(as("bob")) == 403 && inst.status(as("ann")) == 200 }, func() string { return "the sound flag isn't served" })
	if told := s.linesFrom(from, at); len(told) > 0 {
		t.Errorf("of a sound flag, the log has %q", told)
	}

	many := at + "-document"
	s.admin.Put(many, []byte(document(`"a":`+targeted(`{"fractional":[["on","50"],["off",50]]}`)+`,"b":`+when(ann)+`,"a":`+when(ann))))
	from = len(s.plugin.Output())
	inst = s.start(t, gateAt(many)+"  - {path: "+many+", key: b}\n  - {path: "+many+", key: a}\n  - {path: "+many+", key: c}\ntargetingKey: '{header.X-User}'\n")
	s.onceTold(t, from, inst, many+" has a mistake as flag: flags: ", `no key says which; name one with key: "a", "b"`)
	s.onceTold(t, from, inst, many+" has a mistake as flag a: flags: ", `the key "a" stands there twice`)
	s.onceTold(t, from, inst, many+" has a mistake as flag c: flags: ", `there is no flag "c" in the document; it has "a", "b"`)
	if told := s.linesFrom(from, many, "as flag b"); len(told) > 0 {
		t.Errorf("%q", told)
	}
}

func testFlagsThatDontFit(t *testing.T, s *suite) {
	for i, c := range []struct {
		flag, config string
		words        []string
	}{
		{"25%", "", []string{"is suspicious for the gate PATH of middleware", "set targetingKey"}},
		{`{"variants":{"on":"yes","off":"no"},"defaultVariant":"off"}`, "", []string{"has a mistake for the gate PATH", `variants.off: "no" is neither true nor false`}},
		{when(`{"==":[{"var":"header.x-user"},"ann"]}`), "", []string{"is suspicious for the gate PATH", `targeting.if[0].==[0].var: nothing gives the attribute "header.x-user"; write "headers.x-user"`}},
		{when(`{"==":[{"var":"headers.X-User"},"ann"]}`), "", []string{`write "headers.x-user"`}},
		{when(`{"==":[{"var":"contry"},"ch"]}`), "context: {country: '{header.X-Country}'}\n", []string{`nothing gives the attribute "contry"; write "country"`}},
		{when(`{"==":[{"var":"plan"},"gold"]}`), "", []string{`nothing gives the attribute "plan"; add it to the middleware's context`}},
	} {
		at := fmt.Sprint("/mistakes/", uniqueCluster(), "-", i)
		s.admin.Put(at, []byte(c.flag))
		from := len(s.plugin.Output())
		inst := s.start(t, gateAt(at)+c.config)
		for i, word := range c.words {
			c.words[i] = strings.ReplaceAll(word, "PATH", at)
		}
		s.onceTold(t, from, inst, append(c.words, at)...)
		if told := s.linesFrom(from, at); len(told) != 1 {
			t.Errorf("%s is told in several lines:\n%s", c.flag, strings.Join(told, "\n"))
		}
	}
	at := "/mistakes/" + uniqueCluster()
	s.admin.Put(at, []byte(variant(`"a\nb"`)))
	from := len(s.plugin.Output())
	inst := s.start(t, flagHeader("requestHeaders", at, ""))
	s.onceTold(t, from, inst, at+" has a mistake for the header X-Value", "variants.v: no header can have this value")

	sound := "/mistakes/" + uniqueCluster()
	s.admin.Put(sound, []byte(when(`{"and":[`+ann+`,{"in":["a",{"var":"headers.x-user"}]},{"==":[{"var":"country"},"ch"]},{"!":{"var":"cookies.a"}}]}`)))
	from = len(s.plugin.Output())
	s.start(t, byUser(sound)+"context: {country: '{header.X-Country}'}\n").get()
	if told := s.linesFrom(from, sound); len(told) > 0 {
		t.Errorf("%q", told)
	}
}

// What the definition shows is told of it alone, and not again for its rule or a request.
func testMistakesAreToldInOneLine(t *testing.T, s *suite) {
	for i, c := range []struct{ flag, words string }{
		{targeted(`{"if":[true,"onn"]}`), `"onn" is none of the variants "off", "on"; name one of them`},
		{targeted(ann), `no variant is named "true"`},
		{when(`{">":[{"var":"$flagd.timestmp"},1]}`), `write "$flagd.timestamp"`},
	} {
		at := fmt.Sprint("/mistakes/", uniqueCluster(), "-", i)
		s.admin.Put(at, []byte(c.flag))
		from := len(s.plugin.Output())
		inst := s.start(t, byUser(at))
		s.onceTold(t, from, inst, at+" has a mistake as flag: ", c.words)
		inst.ask(as("ann"))
		if told := s.linesFrom(from, at); len(told) != 1 {
			t.Errorf("%s is told in several lines:\n%s", c.flag, strings.Join(told, "\n"))
		}
	}
}

// A node that requests name is told of once, for its definition and for the rule.
func testNodesThatRequestsNameAreToldOf(t *testing.T, s *suite) {
	at := "/mistakes/" + uniqueCluster()
	s.admin.Put(at+"/ann", []byte(when(`{"==":[{"var":"header.x-user"},"ann"]}`)))
	s.admin.Put(at+"/bob", []byte(when(ann)))
	from := len(s.plugin.Output())
	inst := s.start(t, byUser(`"`+at+`/{header.X-User}"`))
	inst.ask(as("bob"))
	inst.ask(as("ann"))
	s.onceTold(t, from, inst, at+"/ann is suspicious for the gate "+at+"/{header.X-User}", `write "headers.x-user"`)
	if told := s.linesFrom(from, at); len(told) != 1 {
		t.Errorf("%q", told)
	}
}

func testErrorsOfRequestsAreToldOnce(t *testing.T, s *suite) {
	at := "/mistakes/" + uniqueCluster()
	s.admin.Put(at, []byte(targeted(`{"var":"headers.x-user"}`)))
	from := len(s.plugin.Output())
	inst := s.start(t, byUser(at))
	inst.ask(as("on"))
	if told := s.linesFrom(from, at); len(told) > 0 {
		t.Errorf("before a request shows anything: %q", told)
	}
	inst.ask(as("ann"))
	s.onceTold(t, from, inst, at+" ends with GENERAL for the gate "+at, `the targeting chose "ann", none of the variants "off", "on"`)

	share := at + "-share"
	s.admin.Put(share, []byte("25%"))
	from = len(s.plugin.Output())
	inst = s.start(t, byUser(share))
	inst.get()
	s.onceTold(t, from, inst, share+" ends with TARGETING_KEY_MISSING")
	inst.get()
	if told := s.linesFrom(from, share); len(told) != 1 {
		t.Errorf("%q", told)
	}
}

func testSuspiciousFlagsInTheStatus(t *testing.T, s *suite) {
	name, at := uniqueCluster(), "/mistakes/"+uniqueCluster()
	bad := targeted(`{"fractional":[["on-mark","50"],["off",50]]}`)
	s.admin.Put(at+"/flag", []byte(bad))
	s.admin.Put(at+"/sound", []byte("on"))
	s.admin.Put(at+"/share", []byte("25%"))
	s.admin.Put(at+"/lines", []byte(variant(`"on-mark\nx"`)))
	s.admin.Put(at+"/t/ann", []byte(bad))
	s.admin.Put(at+"/t/bob", []byte("on"))
	config := "clusters: {" + name + ": {servers: '" + s.zk.Addr() + "'}}\ngates: [{path: " + at + "/flag}, {path: " + at + "/sound}, {path: " + at + "/share}, {path: '" + at + "/t/{header.X-User}'}]\n" +
		"requestHeaders: [{name: X-Lines, flag: " + at + "/lines}, {name: X-Share, flag: " + at + "/share}]\n"
	shown := s.named(t, "mistakes", statusLine+config)
	hidden := s.named(t, "mistakes-hidden", statusLine+"statusValues: false\n"+config)
	shown.awaitCluster(t, name, "suspicious flags", func(c *clusterReport) bool { return c.SuspiciousFlags == 4 })
	if got := value(shown.series(t), "suspicious_flags", "zookeeper_cluster", name); got != 4 {
		t.Errorf("the metric has %g", got)
	}
	r := shown.report(t, "")
	n := r.cluster(t, name).node(at + "/flag")
	if n.Suspicious != 2 || len(n.Findings) != 2 || !strings.HasPrefix(n.Findings[0], `mistake: targeting.fractional[0][1]: the weight "50"`) {
		t.Errorf("%+v", n)
	}
	if n := r.cluster(t, name).node(at + "/sound"); n.Suspicious != 0 || len(n.Findings) != 0 {
		t.Errorf("%+v", n)
	}
	if of := r.middleware(t, "mistakes").Gates[2].Findings; len(of) != 1 || !strings.Contains(of[0], "targetingKey") {
		t.Errorf("the gate has %q", of)
	}
	for i, words := range []string{"no header can have this value", "set targetingKey"} {
		if of := r.middleware(t, "mistakes").Headers[i].Findings; len(of) != 1 || !strings.Contains(of[0], words) {
			t.Errorf("header %d has %q", i, of)
		}
	}
	if page := shown.statusAt(t, "").body; !strings.Contains(page, "set targetingKey") || !strings.Contains(page, "no header can have this value") || !strings.Contains(page, "on-mark") || !strings.Contains(page, "set targetingKey") {
		t.Error("the page lacks what was found")
	}
	nested(t, shown.statusAt(t, "").body)

	c := hidden.report(t, "").cluster(t, name)
	n = c.node(at + "/flag")
	if n.Suspicious != 2 || len(n.Findings) != 0 || c.SuspiciousFlags != 4 || len(c.Templates) != 1 || c.Templates[0].Suspicious != 1 {
		t.Errorf("%+v, %d suspicious, %+v", n, c.SuspiciousFlags, c.Templates)
	}
	page := hidden.statusAt(t, "").body
	if strings.Contains(page, "on-mark") || !strings.Contains(page, "mistakes or suspicions: 2") || !strings.Contains(page, "1 suspicious") {
		t.Error("the page without values shows too much, or too little")
	}
	nested(t, page)
	s.admin.Put(at+"/flag", []byte("on"))
	s.admin.Put(at+"/t/ann", []byte("on"))
	s.admin.Put(at+"/share", []byte("100%"))
	s.admin.Put(at+"/lines", []byte(variant(`"x"`)))
	shown.awaitCluster(t, name, "no suspicious flags", func(c *clusterReport) bool { return c.SuspiciousFlags == 0 })
}
