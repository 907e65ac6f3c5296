package behaviour

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// request is one that a test words in detail. What is empty is GET, a path of /,
// HTTP/1.1, and the host and address of httptest.
type request struct {
	method, host, url, remote string
	headers                   []string
	version                   int // of HTTP; 1 where it is 0
}

// ask sends a request. The answer comes with the request as the plugin left it,
// which is what an access log has.
func (inst *instance) ask(q request) (answer, *http.Request) {
	r := httptest.NewRequest(http.MethodGet, "http://example.test"+q.url, nil)
	if q.method != "" {
		r.Method = q.method
	}
	if q.host != "" {
		r.Host = q.host
	}
	if q.remote != "" {
		r.RemoteAddr = q.remote
	}
	for _, line := range q.headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	r.ProtoMajor = max(1, q.version)
	inst.seen.Store(nil)
	w := httptest.NewRecorder()
	inst.handler.ServeHTTP(w, r)
	a := answer{status: w.Code, body: w.Body.String(), answer: w.Result().Header}
	if seen := inst.seen.Load(); seen != nil {
		a.service = seen.Header
	}
	return a, r
}

func (inst *instance) status(q request) int {
	a, _ := inst.ask(q)
	return a.status
}

// targeted is a flagd definition that is on where the rule says on.
func targeted(rule string) string {
	return `{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off","targeting":` + rule + `}`
}

// when is a targeting that is on where a condition holds.
func when(condition string) string { return targeted(`{"if":[` + condition + `,"on"]}`) }

func document(flags string) string { return `{"flags":{` + flags + `}}` }

// byUser is a gate whose targeting key is the header X-User.
func byUser(path string, lines ...string) string {
	return gateAt(path, lines...) + "targetingKey: '{header.X-User}'\n"
}

func as(name string) request { return request{headers: []string{"X-User: " + name}} }

const ann = `{"==":[{"var":"targetingKey"},"ann"]}`

// kinds are flags, the gate's lines for them, and whether ann and bob pass.
var kinds = []struct {
	name, node, lines string
	ann, bob          bool
}{
	{"a word", "on", "", true, true},
	{"everybody", "100%", "", true, true},
	{"nobody", "0%", "", false, false},
	{"nobody, as a fraction", "0.0", "", false, false},
	{"everybody, as a fraction", "1.0", "", true, true},
	{"a percentage", "100", "format: decider", true, true},
	{"a percentage with its sign", "100%", "format: decider", true, true},
	{"a percentage of 0", "0", "format: decider", false, false},
	{"a definition", when(ann), "", true, false},
	{"a definition, blocking when on", when(ann), "blockWhen: 'on'", false, true},
	{"a definition and a key", when(ann), "key: any", true, false},
	{"a document", document(`"a":` + when(ann) + `,"b":` + targeted("null")), "key: a", true, false},
	{"a document's other flag", document(`"a":` + when(ann) + `,"b":` + targeted("null")), "key: b", false, false},
	{"a document with a broken flag beside", document(`"a":` + when(ann) + `,"b":3`), "key: a", true, false},
	{"a document with $ref", `{"flags":{"a":` + when(`{"$ref":"isAnn"}`) + `},"$evaluators":{"isAnn":` + ann + `}}`, "key: a", true, false},
	{"json", `{"flags":{"a":"yes","b":"no"}}`, "format: json\n    key: flags.a", true, true},
	{"json's boolean", `{"flags":{"a":true}}`, "format: json\n    key: flags.a", true, true},
	{"json's share", `{"flags":{"a":"0%"}}`, "format: json\n    key: flags.a", false, false},
	{"json without the key", `{"flags":{}}`, "format: json\n    key: flags.a\n    default: 'on'", true, true},
	{"properties", "a = off\nb = on\n", "format: properties\n    key: b", true, true},
	{"properties' share", "a = 100%\n", "format: properties\n    key: a", true, true},
	{"properties' definition", "a = " + strings.ReplaceAll(when(ann), `\`, `\\`) + "\n", "format: properties\n    key: a", true, false},
	{"exists", "off", "format: exists", true, true},
	{"exists, blocking when on", "", "format: exists\n    blockWhen: 'on'", false, false},
}

// undecided are flags without a boolean value for a request that says nothing of
// itself; the default counts.
var undecided = []struct{ name, node, lines, reason string }{
	{"a string", `{"variants":{"a":"on"},"defaultVariant":"a"}`, "", "reason=ERROR; error=TYPE_MISMATCH"},
	{"a number", `{"variants":{"a":1},"defaultVariant":"a"}`, "", "reason=ERROR; error=TYPE_MISMATCH"},
	{"an object", `{"variants":{"a":{}},"defaultVariant":"a"}`, "", "reason=ERROR; error=TYPE_MISMATCH"},
	{"disabled", `{"state":"DISABLED","variants":{"on":true,"off":false},"defaultVariant":"on"}`, "", "reason=DISABLED"},
	{"no default variant", `{"variants":{"on":true}}`, "", "reason=DEFAULT"},
	{"an unknown variant", targeted(`"other"`), "", "reason=ERROR; error=GENERAL"},
	{"no such key", document(`"a":` + when(ann)), "key: b", "reason=ERROR; error=FLAG_NOT_FOUND"},
	{"no node", "", "", "reason=ERROR; error=FLAG_NOT_FOUND"},
	{"a share without a targeting key", "99%", "", "reason=ERROR; error=TARGETING_KEY_MISSING"},
	{"a share of few without one", "1%", "", "reason=ERROR; error=TARGETING_KEY_MISSING"},
}

var flagged = []behaviour{
	{"all kinds of flags", testAllKindsOfFlags},
	{"flags without a value", testFlagsWithoutAValue},
	{"a flag's changes", testFlagsChanges},
	{"the same user gets the same answer", sticky},
	{"salts", testSalts},
	{"who was in stays in", testWhoWasInStaysIn},
}

func testAllKindsOfFlags(t *testing.T, s *suite) {
	for i, c := range kinds {
		t.Run(c.name, func(t *testing.T) {
			path := fmt.Sprint("/kinds/", i)
			s.admin.Put(path, []byte(c.node))
			inst := s.start(t, byUser(path, c.lines))
			for name, want := range map[string]bool{"ann": c.ann, "bob": c.bob} {
				if got := inst.status(as(name)); (got == http.StatusOK) != want || got != http.StatusOK && got != http.StatusForbidden {
					t.Errorf("%s gets %d", name, got)
				}
			}
		})
	}
}

func testFlagsWithoutAValue(t *testing.T, s *suite) {
	for i, c := range undecided {
		for fallback, want := range map[string]int{"on": 200, "off": 403} {
			t.Run(c.name+" "+fallback, func(t *testing.T) {
				path := fmt.Sprint("/undecided/", i)
				s.admin.Put(path, []byte(c.node))
				inst := s.start(t, byUser(path, c.lines, "default: '"+fallback+"'")+"decisionHeader: X-Decision\n")
				a, r := inst.ask(request{})
				if a.status != want || !strings.Contains(r.Header.Get("X-Decision"), c.reason) || strings.Contains(r.Header.Get("X-Decision"), "variant") {
					t.Errorf("status %d, %s", a.status, r.Header.Get("X-Decision"))
				}
			})
		}
	}
}

func testFlagsChanges(t *testing.T, s *suite) {
	inst := s.start(t, byUser("/changing"))
	for _, c := range []struct {
		node     string
		ann, bob int
	}{
		{"off", 403, 403}, {"100%", 200, 200}, {when(ann), 200, 403}, {"0%", 403, 403}, {"on", 200, 200},
		{when(`{"!":` + ann + `}`), 403, 200}, {document(`"a":3`), 403, 403}, {when(ann), 200, 403},
	} {
		s.admin.Put("/changing", []byte(c.node))
		eventually(t, func() bool {
			return inst.status(as("ann")) == c.ann && inst.status(as("bob")) == c.bob
		}, func() string { return c.node + " doesn't come into force" })
	}
	s.admin.Delete("/changing")
	eventually(t, func() bool { return inst.status(as("ann")) == http.StatusForbidden }, func() string { return "it stays" })
}

func testWhoWasInStaysIn(t *testing.T, s *suite) {
	s.admin.Put("/growing", []byte("0%"))
	inst := s.start(t, byUser("/growing"))
	before := inst.crowd(300)
	for _, share := range []string{"10%", "0.25", "60%", "100%"} {
		s.admin.Put("/growing", []byte(share))
		eventually(t, func() bool { return inst.crowd(300) != before }, func() string { return share + " doesn't come into force" })
		now := inst.crowd(300)
		for i := range now {
			if before[i] == '1' && now[i] == '0' {
				t.Errorf("%s: user %d is out again", share, i)
			}
		}
		before = now
	}
	if strings.Contains(before, "0") {
		t.Error("100% isn't everybody")
	}
}

// crowd tells of users whether they pass: a 1 or a 0 for each.
func (inst *instance) crowd(size int) string {
	var passed strings.Builder
	for i := range size {
		if inst.status(as(fmt.Sprint("user-", i))) == http.StatusOK {
			passed.WriteByte('1')
		} else {
			passed.WriteByte('0')
		}
	}
	return passed.String()
}

const quarter = `{"fractional":[["on",25],["off",75]]}`

// What a request gets is what the flag package says, compiled, of its targeting
// key: in both modes, in every instance. What is hashed in front of that key is the salt, the
// flag's key, or the path of its node.
func sticky(t *testing.T, s *suite) {
	const users = 2000
	for i, c := range []struct{ name, node, lines, key string }{
		{"a percentage", "25%", "", ""},
		{"a fraction", "0.25", "", ""},
		{"decider", "25", "format: decider", ""},
		{"a definition", targeted(quarter), "", ""},
		{"a document", document(`"checkout":` + targeted(quarter)), "key: checkout", "checkout"},
		{"a share with a key", "25%", "key: checkout", "checkout"},
		{"a share with a salt", "25%", "key: checkout\n    salt: summer", "summer"},
		{"a document with a salt", document(`"checkout":` + targeted(quarter)), "key: checkout\n    salt: summer", "summer"},
		{"a share in a document", `{"flags":{"a":"25%"}}`, "format: json\n    key: flags.a", "/sticky/8#flags.a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			parse := flag.Parse
			if c.name == "decider" {
				parse = flag.ParseDecider
			}
			path, node := fmt.Sprint("/sticky/", i), c.node
			if strings.Contains(c.lines, "json") {
				node = "25%"
			}
			set, err := parse([]byte(node))
			if err != nil {
				t.Fatal(err)
			}
			salt := c.key
			if salt == "" {
				salt = path
			}
			want, in := "", 0
			for u := range users {
				on := set.Salted(salt).Evaluate("checkout", false, flag.Map{"targetingKey": fmt.Sprint("user-", u)}).Value == true
				want += map[bool]string{true: "1", false: "0"}[on]
				if on {
					in++
				}
			}
			if in < users/5 || in > users*3/10 {
				t.Errorf("%d of %d users are a quarter", in, users)
			}
			s.admin.Put(path, []byte(c.node))
			inst := s.start(t, byUser(path, c.lines))
			if got := inst.crowd(users); got != want {
				t.Errorf("users get\n%s, the flag package says\n%s", got, want)
			}
			if inst.crowd(100) != s.start(t, byUser(path, c.lines)).crowd(100) {
				t.Error("another instance decides otherwise")
			}
		})
	}
}

// Flags in two nodes have other users on, unless they have the same salt. A node's path is
// without the chroot, so that clusters with other chroots agree, and it is that of the node
// that a request means.
func testSalts(t *testing.T, s *suite) {
	const users = 400
	for _, path := range []string{"/salts/a", "/salts/b", "/salts/root/salts/a", "/salts/of/example.test/share"} {
		s.admin.Put(path, []byte("50%"))
	}
	crowd := func(config string) string { return s.start(t, config).crowd(users) }
	a, b := crowd(byUser("/salts/a")), crowd(byUser("/salts/b"))
	both := 0
	for i := range users {
		if a[i] == '1' && b[i] == '1' {
			both++
		}
	}
	if both < users/8 || both > users*3/8 {
		t.Errorf("of %d users, %d have both flags on", users, both)
	}
	if got := crowd(strings.ReplaceAll(byUser("/salts/a"), "$SERVERS", "$SERVERS/salts/root")); got != a {
		t.Errorf("with a chroot, users get\n%s instead of\n%s", got, a)
	}
	if got := crowd(byUser("/salts/of/{host}/share")); got != crowd(byUser("/salts/of/example.test/share")) || got == a {
		t.Errorf("by a template, users get\n%s", got)
	}
	if got := crowd(byUser("/salts/a", "salt: x")); got != crowd(byUser("/salts/b", "salt: x")) || got == a {
		t.Errorf("with one salt, users get\n%s", got)
	}
	if got := crowd(byUser("/salts/none, /salts/a")); got != a {
		t.Errorf("as the second path, users get\n%s", got)
	}
}
