package behaviour

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

const decisionLine = "decisionHeader: X-Zookeeper-Decision\n"

// decision is the header as the request has it, whether it passed or not.
func (inst *instance) decision(q request) string {
	_, r := inst.ask(q)
	return strings.Join(r.Header["X-Zookeeper-Decision"], " | ")
}

func (inst *instance) awaitDecision(t *testing.T, q request, want string) {
	t.Helper()
	eventually(t, func() bool { return inst.decision(q) == want }, func() string {
		return fmt.Sprintf("the decision is\n%s, want\n%s", inst.decision(q), want)
	})
}

// decisions are a flag, the gate's lines, a status and the decision for ann.
var decisions = []struct {
	name, node, lines string
	status            int
	want              string
}{
	{"a word", "on", "", 200, `pass; flag="PATH"; variant="true"; reason=STATIC; age=0`},
	{"a word that blocks", "off", "", 403, `block; flag="PATH"; variant="false"; reason=STATIC; age=0`},
	{"blocking when on", "on", "blockWhen: 'on'", 403, `block; flag="PATH"; variant="true"; reason=STATIC; age=0`},
	{"a share", "100%", "", 200, `pass; flag="PATH"; variant="true"; reason=SPLIT; age=0`},
	{"a share of nobody", "0%", "", 403, `block; flag="PATH"; variant="false"; reason=SPLIT; age=0`},
	{"targeting", when(ann), "", 200, `pass; flag="PATH"; variant="on"; reason=TARGETING_MATCH; age=0`},
	{"targeting that chooses none", when(`{"!":` + ann + `}`), "", 403, `block; flag="PATH"; variant="off"; reason=DEFAULT; age=0`},
	{"a document", document(`"a":` + when(ann)), "key: a", 200, `pass; flag="PATH#a"; variant="on"; reason=TARGETING_MATCH; age=0`},
	{"exists", "", "format: exists", 200, `pass; flag="PATH"; variant="true"; reason=STATIC; age=0`},
	{"dry run", "off", "dryRun: true", 200, `dry-run; flag="PATH"; variant="false"; reason=STATIC; age=0`},
	{"dry run of an open gate", "on", "dryRun: true", 200, `pass; flag="PATH"; variant="true"; reason=STATIC; age=0`},
	{"bypass", "off", "bypass: {methods: GET}", 200, `bypass; flag="PATH"; variant="false"; reason=STATIC; age=0`},
	{"bypass before dry run", "off", "dryRun: true\n    bypass: {methods: GET}", 200, `bypass; flag="PATH"; variant="false"; reason=STATIC; age=0`},
	{"disabled", `{"state":"DISABLED","variants":{"on":true},"defaultVariant":"on"}`, "default: 'on'", 200, `pass; flag="PATH"; reason=DISABLED; age=0`},
	{"an error", `{"variants":{"a":"b"},"defaultVariant":"a"}`, "", 403, `block; flag="PATH"; reason=ERROR; error=TYPE_MISMATCH; age=0`},
	{"a variant with odd letters", `{"variants":{"ü\"\r\nX-A: b":true},"defaultVariant":"ü\"\r\nX-A: b"}`, "", 200,
		`pass; flag="PATH"; variant="\u00fc\"\r\nX-A: b"; reason=STATIC; age=0`},
	{"what doesn't parse", "perhaps", "default: 'on'", 200, `pass; flag="PATH"; reason=ERROR; error=PARSE_ERROR; age=0`},
	{"what doesn't parse, closed", `{"variants":`, "", 403, `block; flag="PATH"; reason=ERROR; error=PARSE_ERROR; age=0`},
}

var decided = []behaviour{
	{"decisions", testDecisions},
	{"the decisions of several gates and headers", testDecisionsOfSeveralGatesAndHeaders},
	{"a forged decision", testForgedDecision},
	{"dry run of all gates", testDryRunOfAllGates},
	{"a dry gate before a real one", testDryGateBeforeARealOne},
	{"a definition that doesn't parse", unparsable},
	{"the age of a decision", aging},
	{"counted variants", testCountedVariants},
	{"values that no header can have", testValuesThatNoHeaderCanHave},
}

func testDecisions(t *testing.T, s *suite) {
	for i, c := range decisions {
		t.Run(c.name, func(t *testing.T) {
			path := fmt.Sprint("/decisions/", i)
			s.admin.Put(path, []byte(c.node))
			inst := s.start(t, byUser(path, c.lines)+decisionLine)
			a, r := inst.ask(as("ann"))
			want := strings.ReplaceAll(c.want, "PATH", path)
			if got := strings.Join(r.Header["X-Zookeeper-Decision"], " | "); a.status != c.status || got != want {
				t.Errorf("status %d, decision\n%s, want\n%s", a.status, got, want)
			}
			if a.service != nil && a.service.Get("X-Zookeeper-Decision") != want {
				t.Errorf("the service sees %s", a.service.Get("X-Zookeeper-Decision"))
			}
		})
	}
}

func testDecisionsOfSeveralGatesAndHeaders(t *testing.T, s *suite) {
	s.admin.Put("/chain/a", []byte("on"))
	s.admin.Put("/chain/b", []byte("off"))
	s.admin.Put("/chain/c", []byte("off"))
	s.admin.Put("/chain/h", []byte(`{"variants":{"red":"#f00"},"defaultVariant":"red"}`))
	config := gateAt("/chain/a") + "  - {path: /chain/b, dryRun: true}\n  - {path: '/chain/none,/chain/c', bypass: {methods: POST}}\n" +
		"requestHeaders:\n  - {name: X-Color, flag: /chain/h}\n" + decisionLine
	inst := s.start(t, config)
	first := `pass; flag="/chain/a"; variant="true"; reason=STATIC; age=0, dry-run; flag="/chain/b"; variant="false"; reason=STATIC; age=0, `
	closed := `flag="/chain/none"; variant="false"; reason=STATIC; age=0`
	inst.awaitDecision(t, request{}, first+"block; "+closed)
	inst.awaitDecision(t, request{method: http.MethodPost}, first+"bypass; "+closed+`, set; flag="/chain/h"; variant="red"; reason=STATIC; age=0`)
	s.admin.Put("/chain/a", []byte("off"))
	inst.awaitDecision(t, request{}, `block; flag="/chain/a"; variant="false"; reason=STATIC; age=0`)
}

func testForgedDecision(t *testing.T, s *suite) {
	s.admin.Put("/decision-header", []byte("on"))
	inst := s.start(t, gateAt("/decision-header")+decisionLine)
	for _, node := range []string{"on", "off"} {
		s.admin.Put("/decision-header", []byte(node))
		inst.awaitStatus(t, map[string]int{"on": 200, "off": 403}[node])
		for _, name := range []string{"X-Zookeeper-Decision", "x-zookeeper-decision", "X_Zookeeper_Decision", "X-Zookeeper_Decision", "X_ZOOKEEPER-DECISION"} {
			a, r := inst.ask(request{headers: []string{name + ": forged", name + ": twice"}})
			if got := r.Header["X-Zookeeper-Decision"]; len(got) != 1 || strings.Contains(got[0], "forged") {
				t.Errorf("%s while %s: %q", name, node, got)
			}
			for seen, values := range a.service {
				if strings.Contains(strings.Join(values, ""), "forged") {
					t.Errorf("%s reaches the service as %s", name, seen)
				}
			}
		}
	}
}

func testDryRunOfAllGates(t *testing.T, s *suite) {
	s.admin.Put("/dry/b", []byte("off"))
	inst := s.start(t, gateAt("/dry/a", "status: 401")+"  - {path: /dry/b, dryRun: false}\ndryRun: true\n"+decisionLine)
	want := `dry-run; flag="/dry/a"; reason=ERROR; error=FLAG_NOT_FOUND; age=0, dry-run; flag="/dry/b"; variant="false"; reason=STATIC; age=0`
	if a, _ := inst.ask(request{}); a.status != 200 || a.service.Get("X-Zookeeper-Decision") != want {
		t.Errorf("%+v", a)
	}
}

func testDryGateBeforeARealOne(t *testing.T, s *suite) {
	s.admin.Put("/dry/real", []byte("on"))
	inst := s.start(t, gateAt("/dry/none", "dryRun: true", "status: 401")+"  - {path: /dry/real, status: 402}\n")
	inst.awaitStatus(t, 200)
	s.admin.Put("/dry/real", []byte("off"))
	inst.awaitStatus(t, 402)
}

// unparsable: what was good before serves on, whatever kind it was, and each bad
// version is logged once.
func unparsable(t *testing.T, s *suite) {
	for i, c := range []struct{ name, good, reason string }{
		{"a word", "on", `variant="true"; reason=STATIC`},
		{"a definition", when(ann), `variant="on"; reason=TARGETING_MATCH`},
		{"a share", "100%", `variant="true"; reason=SPLIT`},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := fmt.Sprint("/unparsable/", i)
			decision := fmt.Sprintf("pass; flag=%q; %s; ", path, c.reason)
			s.admin.Put(path, []byte(c.good))
			inst := s.start(t, byUser(path)+decisionLine)
			other := s.start(t, byUser(path)) // of another cluster: it logs, too
			inst.awaitDecision(t, as("ann"), decision+"age=0")
			eventually(t, func() bool { return other.status(as("ann")) == 200 }, func() string { return "ann is kept out" })
			before := len(s.plugin.Output())
			for n, bad := range []string{
				"perhaps", `{"variants":{"on":true},"defaultVariant":"off"}`, `{"variants":{"on":true},"targeting":{"nonsense":[]}}`, "101%", `{"flags":[]`,
			} {
				s.admin.Put(path, []byte(bad))
				inst.awaitDecision(t, as("ann"), decision+"error=PARSE_ERROR; age=0")
				eventually(t, func() bool {
					return strings.Count(s.plugin.Output()[before:], path+" refused as flag: ") == 2*(n+1)
				}, func() string { return bad + ": " + s.plugin.Output()[before:] })
				if got := other.status(as("ann")); got != 200 {
					t.Errorf("%s: status %d", bad, got)
				}
			}
			s.admin.Put(path, []byte("off"))
			inst.awaitDecision(t, as("ann"), fmt.Sprintf(`block; flag=%q; variant="false"; reason=STATIC; age=0`, path))
			if n := strings.Count(s.plugin.Output()[before:], path+" refused"); n != 10 {
				t.Errorf("%d lines for 5 versions and 2 clusters", n)
			}
		})
	}
}

var ageOf = regexp.MustCompile(`age=(\d+)$`)

// aging: while no session vouches for a value, its age grows.
func aging(t *testing.T, s *suite) {
	server := zkserver.Start(t)
	admin := server.Client(t)
	admin.Put("/aging", []byte("on"))
	config := "clusters:\n  " + uniqueCluster() + ": {servers: '" + server.Addr() + "', sessionTimeout: 1s}\ngates:\n  - {path: /aging}\n" + decisionLine
	inst, limited := s.must(t, config), s.must(t, config+"maxStale: 1s\n")
	fresh := `pass; flag="/aging"; variant="true"; reason=STATIC; age=0`
	inst.awaitDecision(t, request{}, fresh)
	limited.awaitDecision(t, request{}, fresh)
	server.Kill()
	last := 0
	eventually(t, func() bool {
		match := ageOf.FindStringSubmatch(inst.decision(request{}))
		if match == nil {
			t.Fatal(inst.decision(request{}))
		}
		age, _ := strconv.Atoi(match[1])
		if age < last {
			t.Fatalf("the age went from %d to %d", last, age)
		}
		last = age
		return age >= 2
	}, func() string { return "the age stays " + fmt.Sprint(last) })
	stale := limited.decision(request{})
	if !regexp.MustCompile(`^block; flag="/aging"; reason=STALE; age=[2-9]$`).MatchString(stale) {
		t.Errorf("beyond maxStale: %s", stale)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	inst.awaitDecision(t, request{}, fresh)
	limited.awaitDecision(t, request{}, fresh)
}

// The variants that a flag has chosen are counted for the status page and the metrics, for a
// gate as for a header.
func testCountedVariants(t *testing.T, s *suite) {
	s.admin.Put("/counted/share", []byte("50%"))
	s.admin.Put("/counted/theme", []byte(`{"variants":{"a":"blue","b":"red"},"defaultVariant":"a","targeting":{"if":[`+ann+`,"b"]}}`))
	inst := s.start(t, byUser("/counted/share", "dryRun: true")+"requestHeaders: [{name: X-Theme, flag: /counted/theme}]\nstatusPath: /.status\n")
	on := 0
	for i := range 100 {
		user := fmt.Sprint("user-", i)
		if i%10 == 0 {
			user = "ann"
		}
		if strings.HasPrefix(inst.themeOf(user), "blue") {
			on++
		}
	}
	if on != 90 {
		t.Fatalf("%d users have the default theme", on)
	}
	metrics := inst.send(http.MethodGet, "", "/.status/metrics").body
	sums := map[string]int{}
	for _, line := range strings.Split(metrics, "\n") {
		m := evaluationLine.FindStringSubmatch(line)
		if m == nil || !strings.Contains(line, t.Name()) {
			continue
		}
		count, err := strconv.Atoi(m[4])
		if err != nil {
			t.Errorf("%s: %v", line, err)
		}
		sums[m[1]+" "+m[2]+" "+m[3]] = count
	}
	if sums["X-Theme /counted/theme a"] != 90 || sums["X-Theme /counted/theme b"] != 10 || sums["gate /counted/share true"]+sums["gate /counted/share false"] != 100 || len(sums) != 4 {
		t.Errorf("%v", sums)
	}
}

// Where the default stands in for a value that no header can have, the decision and the counts
// say so, and the log does once a version: also of nodes that requests name, of shares of users,
// and of headers of the response.
func testValuesThatNoHeaderCanHave(t *testing.T, s *suite) {
	lines := variant(`"a\nb"`)
	some := `{"variants":{"v":"a\nb","w":"b"},"defaultVariant":"w","targeting":{"if":[` + ann + `,"v"]}}`
	for i, c := range []struct{ flag, path, more string }{
		{lines, "", ""}, {lines, "/{header.X-User}", ""}, {some, "", ""}, {some, "/{header.X-User}", ""}, {some, "", ", mode: append"},
		{`{"variants":{"v":{"a":"` + strings.Repeat("x", 8200) + `"}},"defaultVariant":"v"}`, "", ""},
	} {
		for _, kind := range []string{"requestHeaders", "responseHeaders"} {
			at := fmt.Sprint("/unfit/", kind, i)
			s.admin.Put(at, []byte(c.flag))
			s.admin.Put(at+"/ann", []byte(c.flag))
			from := len(s.plugin.Output())
			config := flagHeader(kind, `"`+at+c.path+`"`, c.more) + "statusPath: /.status\n"
			inst := s.start(t, config+decisionLine)
			for range 3 {
				a, r := inst.ask(as("ann"))
				want := `set; flag="` + at + c.path + `"; reason=ERROR; error=TYPE_MISMATCH; age=0`
				if got := strings.Join(r.Header["X-Zookeeper-Decision"], " | "); got != want {
					t.Errorf("%.80s: %s, want %s", c.flag, got, want)
				}
				if got := a.service.Get("X-Value") + a.answer.Get("X-Value"); got != "nothing" {
					t.Errorf("%.80s: %q", c.flag, got)
				}
			}
			if found := s.linesFrom(from, at, "no header can have"); len(found) != 1 {
				t.Errorf("%.80s is told in these lines: %q", c.flag, found)
			}
			silent := s.start(t, config)
			silent.ask(as("ann"))
			metrics := silent.send(http.MethodGet, "", "/.status/metrics").body
			if line := `flag="` + at + c.path + `",variant=""} 4`; !strings.Contains(metrics, line) {
				t.Errorf("no %s in %s", line, metrics)
			}
		}
	}
}

var evaluationLine = regexp.MustCompile(`^traefik_zookeeper_flag_evaluations_total\{middleware="[^"]*",rule="([^"]*)",flag="([^"]*)",variant="([^"]*)"\} (\d+)$`)

// themeOf is the theme that a user gets.
func (inst *instance) themeOf(user string) string {
	a, _ := inst.ask(as(user))
	return a.service.Get("X-Theme")
}
