package zkcheck

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

func zkcheckFlag(t *testing.T, in string, arguments ...string) result {
	t.Helper()
	return zkcheckOf(t, in, append([]string{"flag"}, arguments...)...)
}

// The exit codes of zkcheck flag that mean something else.
const (
	suspicious = 2
	unreadable = 3
)

const (
	forAda     = `{"variants": {"on": true, "off": false}, "defaultVariant": "off", "targeting": {"if": [{"==": [{"var": "headers.x-user"}, "ada"]}, "on"]}}`
	doubled    = `{"variants": {"on": true, "off": false}, "targeting": {"if": [{"==": [1, 2], "and": [false]}, "on", "off"]}}`
	never      = `{"variants": {"on": true, "off": false}, "targeting": {"if": [true, "on", "off"]}}`
	ofTexts    = `{"variants": {"a": "x", "b": "y\nz"}, "defaultVariant": "a"}`
	byCookie   = `{"variants": {"on": true, "off": false}, "defaultVariant": "off", "targeting": {"if": [{"==": [{"var": "cookie.uid"}, "42"]}, "on"]}}`
	unused     = `{"flags": {"a": ` + forAda + `}, "$evaluators": {"staff": {"==": [1, 2], "and": [false]}}}`
	twoFlags   = `{"flags": {"a": ` + forAda + `, "b": {"variants": {"on": "50"}, "targetting": {}}}, "$evaluator": {}}`
	everything = `{"variants": {"on": true, "off": false}, "defaultVariant": "off", "targeting": {"if": [{"and": [{"==": [{"var": "host"}, "a.example"]}, {"==": [{"var": "path"}, "/p"]}, {"==": [{"var": "query.q"}, "1"]},
		{"==": [{"var": "ip"}, "192.0.2.7"]}, {"==": [{"var": "cookies.uid"}, "42"]}, {"==": [{"var": "country"}, "ch"]}, {"==": [{"var": "targetingKey"}, "k"]}]}, "on"]}}`
)

func TestFlagsBeforeTheyAreWritten(t *testing.T) {
	for name, c := range map[string]struct {
		flag      string
		arguments []string
		code      int
		out       []string
	}{
		"sound":                    {forAda, nil, sound, []string{"sound\n", `the request gets false: reason DEFAULT, variant "off"`}},
		"a request":                {forAda, []string{"-header", "X-User: ada"}, sound, []string{`the request gets true: reason TARGETING_MATCH, variant "on"`}},
		"every part of it":         {everything, []string{"-host", "a.example", "-path", "/p?q=1", "-ip", "192.0.2.7", "-cookie", "uid=42", "-context", "country=ch", "-targeting-key", "k"}, sound, []string{"the request gets true"}},
		"a word":                   {"on", nil, sound, []string{"the request gets true: reason STATIC"}},
		"a share without a key":    {"25%", nil, sound, []string{"error TARGETING_KEY_MISSING: a share goes by the targeting key"}},
		"a share with one":         {"25%", []string{"-targeting-key", "ann"}, sound, []string{"reason SPLIT"}},
		"a mistake":                {doubled, nil, faulty, []string{`mistake: targeting.if[0]: {"==", "and"}: an operation has one operator`, "error PARSE_ERROR"}},
		"no flag":                  {"perhaps", nil, faulty, []string{`mistake: is "perhaps", which is no flag`, "the request gets null: reason ERROR, error PARSE_ERROR\n"}},
		"an attribute by -context": {strings.ReplaceAll(byCookie, "cookie.uid", "timestamp"), []string{"-context", "timestamp=42"}, sound, []string{"sound\n", "the request gets true"}},
		"a suspicion":              {never, nil, sound, []string{"suspicion: targeting.if[2]: is never reached"}},
		"a strict suspicion":       {never, []string{"-strict"}, suspicious, []string{"suspicion: targeting.if[2]"}},
		"a strict mistake":         {doubled, []string{"-strict"}, faulty, nil},
		"texts":                    {ofTexts, nil, sound, []string{`the request gets "x"`}},
		"texts at a gate":          {ofTexts, []string{"-rule", "gate"}, faulty, []string{`mistake: variants.a: "x" is neither true nor false`, "error TYPE_MISMATCH"}},
		"texts for a header":       {ofTexts, []string{"-rule", "header"}, faulty, []string{"mistake: variants.b: no header can have this value"}},
		"a placeholder's name":     {byCookie, []string{"-strict"}, suspicious, []string{`write "cookies.uid"`}},
		"a document":               {twoFlags, nil, faulty, []string{`mistake: flags.b.targetting: is unknown and ignored`, `write "$evaluators"`}},
		"a flag of a document":     {twoFlags, []string{"-key", "a", "-header", "X-User: ada"}, faulty, []string{`write "$evaluators"`, "the request gets true"}},
		"an evaluator":             {unused, nil, faulty, []string{`mistake: $evaluators.staff: {"==", "and"}: an operation has one operator`}},
		"the flag beside it":       {unused, []string{"-key", "a"}, sound, []string{"sound\n"}},
		"no flags":                 {`{"flags": {}}`, []string{"-strict"}, suspicious, []string{"suspicion: flags: the document has no flags; add one"}},
		"UTF-16":                   {"\xff\xfeo\x00n\x00", nil, faulty, []string{"mistake: is not valid UTF-8 but UTF-16, as its byte order mark says; save it as UTF-8"}},
		"a byte order mark":        {"\xef\xbb\xbfon\r\n", []string{"-strict"}, sound, []string{"the request gets true"}},
		"Latin-1":                  {strings.ReplaceAll(forAda, "ada", "ad\xe4"), nil, faulty, []string{"mistake: is not valid UTF-8; save it as UTF-8"}},
		"a flag that isn't":        {twoFlags, []string{"-key", "c"}, faulty, []string{`there is no flag "c" in the document; it has "a", "b"`, "error FLAG_NOT_FOUND"}},
	} {
		t.Run(name, func(t *testing.T) {
			zkcheckFlag(t, "", append(c.arguments, file(t, "flag.json", c.flag))...).expect(t, c.code, c.out, nil)
			zkcheckFlag(t, c.flag, append(c.arguments, "-")...).expect(t, c.code, c.out, nil)
		})
	}
	if out := zkcheckFlag(t, twoFlags, "-").out; strings.Count(out, "$evaluators") != 1 || strings.Contains(out, "the request gets") {
		t.Error(out)
	}
}

// Of the same share, other nodes have other keys on.
func TestSharesGoByTheirNode(t *testing.T) {
	outcomes := map[string]bool{}
	for _, node := range []string{"/a", "/b", "/c", "/d", "/e", "/f", "/g", "/h"} {
		outcomes[zkcheckFlag(t, "50%", "-node", node, "-targeting-key", "ann", "-").out] = true
	}
	if len(outcomes) != 2 {
		t.Error(outcomes)
	}
	for _, salt := range []string{"a", "b", "c", "d", "e", "f"} { // the same users are in, wherever the flag is
		one := zkcheckFlag(t, "50%", "-salt", salt, "-node", "/a", "-targeting-key", "ann", "-").out
		document := `{"flags": {"k": {"variants": {"true": true, "false": false}, "targeting": {"fractional": [["true", 50], ["false", 50]]}}}}`
		two := zkcheckFlag(t, document, "-salt", salt, "-key", "k", "-targeting-key", "ann", "-").out
		if strings.Contains(one, "gets true") != strings.Contains(two, "gets true") {
			t.Errorf("%s: %s and %s", salt, one, two)
		}
	}
}

func TestFlagsAsJSON(t *testing.T) {
	for _, c := range []struct {
		flag      string
		arguments []string
		want      string
	}{
		{forAda, []string{"-header", "X-User: ada"}, `{"file": "-", "findings": [], "evaluation": {"value": true, "variant": "on", "reason": "TARGETING_MATCH"}}`},
		{`{"flags": {"a": {"variants": {}}}}`, nil, `{"file": "-", "findings": [{"severity": "mistake", "place": "flags.a.variants", "message": "is {}; an object is expected here, with a value for each variant's name"}], "evaluation": null}`},
		{`{"variants": {"v": {"a": 1}}}`, []string{"-key", "k"}, `{"file": "-", "key": "k", "findings": [], "evaluation": {"value": null, "variant": "", "reason": "DEFAULT"}}`},
	} {
		r := zkcheckFlag(t, c.flag, append(c.arguments, "-format", "json", "-")...)
		var got, want any
		if err := json.Unmarshal([]byte(r.out), &got); err != nil {
			t.Fatalf("%v: %s", err, r.out)
		}
		if err := json.Unmarshal([]byte(c.want), &want); err != nil {
			t.Fatal(err)
		}
		one, _ := json.Marshal(got)
		two, _ := json.Marshal(want)
		if !bytes.Equal(one, two) {
			t.Errorf("%s is\n%s instead of\n%s", c.flag, one, two)
		}
	}
}

func TestWrongUsageOfFlag(t *testing.T) {
	for want, arguments := range map[string][]string{
		"name one file": {}, "-format: \"xml\"": {"-format", "xml", "-"}, "-rule: \"x\"": {"-rule", "x", "-"}, "no such file": {"/nowhere/flag.json"},
		"write a path that begins": {"-path", "x", "-"}, "as name=value": {"-context", "x", "-"}, "-connect: zkcheck flag has no such option": {"-", "-connect"}, "did you mean -strict": {"-strct", "-"},
	} {
		zkcheckFlag(t, "on", arguments...).expect(t, unreadable, nil, []string{want})
	}
	zkcheckFlag(t, "", "-help").expect(t, sound, []string{"usage: zkcheck flag"}, nil)
}

// In nodes, mistakes are faults, suspicions only where that is wanted, and what this one
// request lacks is neither.
func TestFlagsInNodes(t *testing.T) {
	zk := zkserver.Start(t)
	admin := zk.Client(t)
	for i, c := range []struct {
		flag      string
		arguments []string
		code      int
		out, err  []string
	}{
		{"25%", nil, sound, nil, []string{"ends with TARGETING_KEY_MISSING"}},
		{never, nil, sound, []string{"1 suspicion of flags in nodes"}, []string{"/flags/1 is suspicious as flag: targeting.if[2]"}},
		{never, []string{"-strict"}, suspicious, []string{"1 suspicion of flags"}, nil},
		{byCookie, []string{"-strict"}, suspicious, []string{"1 suspicion of flags"}, []string{`write "cookies.uid"`}},
		{ofTexts, nil, faulty, []string{"in nodes"}, []string{"has a mistake for the gate /flags/4"}},
		{doubled, nil, faulty, []string{"in nodes"}, []string{"refused as flag", "an operation has one operator"}},
	} {
		path := fmt.Sprint("/flags/", i)
		admin.Put(path, []byte(c.flag))
		config := file(t, "a.yml", fmt.Sprintf(`http: {middlewares: {gates: {plugin: {zookeeper: {clusters: {flags%d: {servers: "%s"}}, gates: [{path: %s}], targetingKey: "{cookie.uid}"}}}}}`, i, zk.Addr(), path))
		zkcheck(t, append(c.arguments, "-connect", config)...).expect(t, c.code, c.out, c.err)
	}
}
