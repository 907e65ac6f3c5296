package flag

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
)

// on is a definition with a targeting, whose variants a gate can use.
func on(targeting string) string {
	return `{"variants": {"on": true, "off": false}, "defaultVariant": "off", "targeting": ` + targeting + `}`
}

// letters is a definition with a targeting, and texts as variants.
func letters(targeting string) string {
	return `{"variants": {"a": "A", "b": "B", "c": "C"}, "defaultVariant": "a", "targeting": ` + targeting + `}`
}

const isAda = `{"==": [{"var": "headers.x-user"}, "ada"]}`

// Each of these is told, with its place and the remedy.
var faulty = map[string]struct {
	document, severity, place, message string
}{
	"two operators, open for everybody":   {on(`{"if": [{"==": [1, 2], "and": [false]}, "on", "off"]}`), lint.Mistake, "targeting.if[0]", `{"==", "and"}: an operation has one operator`},
	"two operators at the top":            {on(`{"if": [true], "var": "x"}`), lint.Mistake, "targeting", "an operation has one operator"},
	"an operator and something else":      {on(`{"if": [{"==": [1, 2], "comment": "x"}, "on", "off"]}`), lint.Mistake, "targeting.if[0]", "an operation has one operator"},
	"two operators in a split":            {letters(`{"fractional": [[{"if": [true], "or": [1]}, 1], ["b", 1]]}`), lint.Mistake, "targeting.fractional[0][0]", "one operator"},
	"two operators deep down":             {on(`{"if": [{"and": [` + isAda + `, {"or": [{"!": [1]}, {"<": [1, 2], ">": [2, 1]}]}]}, "on"]}`), lint.Mistake, "targeting.if[0].and[1].or[1]", `{"<", ">"}`},
	"no operator at all":                  {on(`{"if": [{"equals": [1, 2], "also": 1}, "on", "off"]}`), lint.Suspicion, "targeting.if[0]", "is a value, and no operation"},
	"an unknown operator":                 {on(`{"if": [{"sounds_like": [1, 2]}, "on", "off"]}`), lint.Mistake, "targeting.if[0]", `there is no operation "sounds_like"; the operations are`},
	"a misspelt operator":                 {on(`{"if": [{"startswith": [{"var": "path"}, "/a"]}, "on"]}`), lint.Mistake, "targeting.if[0]", `write "starts_with"`},
	"a missing letter":                    {on(`{"fractionl": [["on", 1], ["off", 1]]}`), lint.Mistake, "targeting", `write "fractional"`},
	"another language's operator":         {on(`{"if": [{"equals": [{"var": "path"}, "/a"]}, "on"]}`), lint.Mistake, "targeting.if[0]", `write "=="`},
	"misspelt targeting":                  {`{"variants": {"on": true, "off": false}, "defaultVariant": "off", "targetting": {"if": [true, "on"]}}`, lint.Mistake, "targetting", `write "targeting"`},
	"misspelt defaultVariant":             {`{"variants": {"on": true, "off": false}, "defaultVarient": "off"}`, lint.Mistake, "defaultVarient", `"defaultVariant"`},
	"misspelt variants":                   {`{"varients": {"on": true, "off": false}, "defaultVariant": "off"}`, lint.Mistake, "varients", `"variants"`},
	"misspelt beside the right one":       {`{"variants": {"on": true}, "defaultVariant": "on", "variant": {}}`, lint.Suspicion, "variant", `"variants"`},
	"enabled":                             {`{"variants": {"on": true}, "defaultVariant": "on", "enabled": false}`, lint.Suspicion, "enabled", `"state"`},
	"misspelt evaluators":                 {`{"flags": {"a": ` + on(`{"if": [`+isAda+`, "on"]}`) + `}, "evaluators": {}}`, lint.Mistake, "evaluators", `"$evaluators"`},
	"an unknown property":                 {on(`{"if": [{">": [{"var": "$flagd.timestmp"}, 1]}, "on"]}`), lint.Mistake, "targeting.if[0].>[0].var", `write "$flagd.timestamp"`},
	"a property without its dollar":       {on(`{"if": [{">": [{"var": "flagd.timestamp"}, 1]}, "on"]}`), lint.Mistake, "targeting.if[0].>[0].var", `write "$flagd.timestamp"`},
	"a property that isn't there":         {on(`{"if": [{"==": [{"var": "$flagd.zone"}, 1]}, "on"]}`), lint.Mistake, "targeting.if[0].==[0].var", "it gives $flagd.flagKey $flagd.timestamp"},
	"a variant that isn't there":          {on(`{"if": [` + isAda + `, "onn", "off"]}`), lint.Mistake, "targeting.if[1]", `"onn" is none of the variants "off", "on"`},
	"a variant in a split":                {letters(`{"fractional": [["a", 50], ["d", 50]]}`), lint.Mistake, "targeting.fractional[1][0]", `"d" is none of the variants`},
	"a condition in a variant's place":    {on(isAda), lint.Mistake, "targeting", `no variant is named "true"; write {"if": [condition, "on", ...]}`},
	"conditions in a variant's place":     {on(`{"and": [` + isAda + `, {"!": [` + isAda + `]}]}`), lint.Mistake, "targeting", "true or false"},
	"a variant through an evaluator":      {`{"flags": {"a": ` + on(`{"$ref": "who"}`) + `}, "$evaluators": {"who": {"if": [` + isAda + `, "yes", "off"]}}}`, lint.Mistake, "$evaluators.who.if[1]", `"yes" is none of the variants`},
	"a mistake in an evaluator":           {`{"flags": {"a": ` + on(`{"if": [{"$ref": "who"}, "on", "off"]}`) + `}, "$evaluators": {"who": {"==": [1, 2], "or": [1]}}}`, lint.Mistake, "$evaluators.who", "one operator"},
	"an unknown evaluator":                {`{"flags": {"a": ` + on(`{"if": [{"$ref": "staf"}, "on"]}`) + `}, "$evaluators": {"staff": ` + isAda + `}}`, lint.Mistake, "targeting.if[0]", `"$evaluators" has no "staf"; write "staff"`},
	"a variant that nothing chooses":      {letters(`{"if": [` + isAda + `, "a", "b"]}`), lint.Suspicion, "variants.c", "nothing chooses this variant"},
	"a variant that no weight has":        {letters(`{"fractional": [["a", 50], ["b", 50]]}`), lint.Suspicion, "variants.c", "nothing chooses this variant"},
	"what is never reached":               {on(`{"if": [true, "on", "off"]}`), lint.Suspicion, "targeting.if[2]", "is never reached"},
	"what is never true":                  {on(`{"if": [false, "on", "off"]}`), lint.Suspicion, "targeting.if[1]", "is never reached"},
	"a condition in quotes":               {on(`{"if": ["headers.x-user", "on", "off"]}`), lint.Suspicion, "targeting.if[2]", "always true"},
	"variants of several types":           {`{"variants": {"on": true, "off": "false"}, "defaultVariant": "on"}`, lint.Mistake, "variants", `"on" is a bool and "off" is a text`},
	"a number too long for flagd":         {`{"variants": {"big": 9007199254740992}, "defaultVariant": "big"}`, lint.Suspicion, "variants.big", "write it as a text"},
	"a number of more than 64 bits":       {`{"variants": {"big": 12345678901234567890}, "defaultVariant": "big"}`, lint.Suspicion, "variants.big", "write it as a text"},
	"a negative number of many digits":    {`{"variants": {"big": -1e20}, "defaultVariant": "big"}`, lint.Suspicion, "variants.big", "write it as a text"},
	"a targeting that is a list":          {on(`["if", true, "on"]`), lint.Mistake, "targeting", `is a list, and no operation`},
	"a targeting that is a text":          {on(`"on"`), lint.Suspicion, "targeting", `"on" is no operation, which flagd refuses, and the same for every request`},
	"an evaluator that is a constant":     {`{"flags": {"a": ` + on(`{"if": [{"$ref": "who"}, "on", "off"]}`) + `}, "$evaluators": {"who": true}}`, lint.Suspicion, "$evaluators.who", "true is no operation"},
	"no flags":                            {`{"flags": {}}`, lint.Mistake, "flags", `there is no flag "a" in the document; it has none`},
	"UTF-16":                              {"\xff\xfeo\x00n\x00", lint.Mistake, "", "UTF-16, as its byte order mark says; save it as UTF-8"},
	"UTF-16 of the other order":           {"\xfe\xff\x00o\x00n", lint.Mistake, "", "UTF-16"},
	"Latin-1":                             {on(`{"if": [{"==": [{"var": "headers.x-city"}, "Z` + "\xfc" + `rich"]}, "on", "off"]}`), lint.Mistake, "", "is not valid UTF-8; save it as UTF-8"},
	"metadata in metadata":                {`{"variants": {"on": true}, "defaultVariant": "on", "metadata": {"team": {"name": "x"}}}`, lint.Suspicion, "metadata.team", "flagd refuses"},
	"metadata of a document":              {`{"flags": {"a": {"variants": {"on": true}}}, "metadata": {"team": ["x"]}}`, lint.Suspicion, "metadata.team", "flagd refuses"},
	"no variants":                         {`{"state": "ENABLED", "variants": {}, "defaultVariant": "on"}`, lint.Mistake, "variants", "an object is expected"},
	"an unknown state":                    {`{"state": "PAUSED", "variants": {"on": true}}`, lint.Mistake, "state", "it may be ENABLED or DISABLED"},
	"a list that providers can't read":    {`{"$schema": "https://flagd.dev/schema/v0/flags.json", "flags": [{"key": "a", "variants": {"on": true}}]}`, lint.Suspicion, "flags", "is a list"},
	"weights with decimals":               {on(`{"fractional": [["on", 99.5], ["off", 0.5]]}`), lint.Mistake, "targeting.fractional[0][1]", "write the weights as 995, 5"},
	"a weight in quotes":                  {on(`{"fractional": [["on", "50"], ["off", 50]]}`), lint.Mistake, "targeting.fractional[0][1]", "write 50, without quotes"},
	"weights of nothing":                  {on(`{"fractional": [["on", 0], ["off", 0]]}`), lint.Mistake, "targeting.fractional", "the weights add up to 0"},
	"a negative weight":                   {on(`{"fractional": [["on", -1], ["off", 2]]}`), lint.Mistake, "targeting.fractional[0][1]", "is negative"},
	"weights too large":                   {on(`{"fractional": [["on", 2147483647], ["off", 1]]}`), lint.Mistake, "targeting.fractional", "add up to 2147483648"},
	"a split by a constant":               {on(`{"fractional": ["salt", ["on", 1], ["off", 1]]}`), lint.Mistake, "targeting.fractional[0]", "the same for everybody"},
	"entries without their lists":         {on(`{"fractional": ["on", 50]}`), lint.Mistake, "targeting.fractional[1]", "is no entry of a split"},
	"an entry of three":                   {on(`{"fractional": [["on", 1, 2], ["off", 1]]}`), lint.Suspicion, "targeting.fractional[0]", "is ignored"},
	"no entries":                          {on(`{"fractional": ["x"]}`), lint.Mistake, "targeting.fractional", "has no entries"},
	"a rollout between texts":             {letters(`{"rollout": ["2026-01-01", "2026-02-01", "a", "b"]}`), lint.Mistake, "targeting.rollout[0]", "is no time"},
	"a rollout without a variant":         {letters(`{"rollout": [1767225600, 1769904000]}`), lint.Mistake, "targeting.rollout", `"rollout" has 2 operands`},
	"a rollout with too much":             {letters(`{"rollout": [1767225600, 1769904000, "a", "b", "c"]}`), lint.Mistake, "targeting.rollout", `"rollout" takes`},
	"a rollout backwards":                 {letters(`{"rollout": [1769904000, 1767225600, "a", "b"]}`), lint.Mistake, "targeting.rollout", "isn't later"},
	"sem_ver's operator":                  {on(`{"if": [{"sem_ver": [{"var": "headers.x-version"}, "==", "1.2.0"]}, "on"]}`), lint.Mistake, "targeting.if[0].sem_ver[1]", `write "="`},
	"another operator of sem_ver":         {on(`{"if": [{"sem_ver": [{"var": "headers.x-version"}, "*", "1.2.0"]}, "on"]}`), lint.Mistake, "targeting.if[0].sem_ver[1]", "it has != < <= = > >= ^ ~"},
	"sem_ver's version":                   {on(`{"if": [{"sem_ver": [{"var": "headers.x-version"}, "=", "1.2.x"]}, "on"]}`), lint.Mistake, "targeting.if[0].sem_ver[2]", `"1.2.x" is no version`},
	"a version of four numbers":           {on(`{"if": [{"sem_ver": [{"var": "headers.x-version"}, "=", "1.2.3.4"]}, "on"]}`), lint.Mistake, "targeting.if[0].sem_ver[2]", "is no version"},
	"sem_ver without a version":           {on(`{"if": [{"sem_ver": [{"var": "headers.x-version"}, "="]}, "on"]}`), lint.Mistake, "targeting.if[0].sem_ver", `"sem_ver" has 2 operands; it takes 3`},
	"starts_with alone":                   {on(`{"if": [{"starts_with": "/a"}, "on"]}`), lint.Mistake, "targeting.if[0].starts_with", "has 1 operand; it takes 2"},
	"ends_with and a number":              {on(`{"if": [{"ends_with": [{"var": "path"}, 0]}, "on"]}`), lint.Mistake, "targeting.if[0].ends_with[1]", "0 is no text"},
	"lower of two":                        {on(`{"if": [{"in": ["a", {"lower": [{"var": "path"}, "b"]}]}, "on"]}`), lint.Mistake, "targeting.if[0].in[1].lower", "has 2 operands; it takes 1"},
	"a comparison with nothing":           {on(`{"if": [{"==": {"var": "path"}}, "on"]}`), lint.Suspicion, "targeting.if[0].==", "has 1 operand; it takes 2"},
	"in the wrong way round":              {on(`{"if": [{"in": [["/a", "/b"], {"var": "path"}]}, "on"]}`), lint.Suspicion, "targeting.if[0].in", "swap its operands"},
	"a key of a rule that stands twice":   {on(`{"if": [` + isAda + `, "on", "off"], "if": [true, "off"]}`), lint.Mistake, "targeting", `the key "if" stands here twice`},
	"a key deep in a rule":                {on(`{"if": [{"==": [1, 1], "==": [1, 2]}, "on", "off"]}`), lint.Mistake, "targeting.if[0]", `the key "==" stands here twice`},
	"a variant that stands twice":         {`{"variants": {"on": true, "off": false, "on": false}, "defaultVariant": "on"}`, lint.Mistake, "variants", `the key "on" stands here twice`},
	"a member that stands twice":          {`{"variants": {"on": true}, "defaultVariant": "on", "state": "DISABLED", "state": "ENABLED"}`, lint.Mistake, "", `the key "state" stands here twice`},
	"two flags with one key":              {`{"flags": {"a": {"variants": {"on": true}}, "b": {"variants": {"on": true}}, "a": {"variants": {"on": true}}}}`, lint.Mistake, "flags", `the key "a" stands there twice`},
	"a time without its hour":             {on(`{"if": [{">=": [{"var": "$flagd.timestamp"}, "2026-12-01"]}, "on", "off"]}`), lint.Mistake, "targeting.if[0].>=[1]", `"2026-12-01" is no time`},
	"an address in no list":               {on(`{"if": [{"in_network": [{"var": "ip"}]}, "on", "off"]}`), lint.Mistake, "targeting.if[0].in_network", `has 1 operand; it takes 2`},
	"two evaluators of one name":          {`{"flags": {"a": ` + on(`{"if": [{"$ref": "who"}, "on", "off"]}`) + `}, "$evaluators": {"who": {"==": [1, 2]}, "who": ` + isAda + `}}`, lint.Mistake, "$evaluators", `the key "who" stands here twice`},
	"a key of an evaluator":               {`{"flags": {"a": ` + on(`{"if": [{"$ref": "who"}, "on", "off"]}`) + `}, "$evaluators": {"who": {"==": [1, 2], "==": [1, 1]}}}`, lint.Mistake, "$evaluators.who", `the key "==" stands here twice`},
	"no flag of that key":                 {`{"flags": {"b": {"variants": {"on": true}}, "c": {"variants": {"on": true}}}}`, lint.Mistake, "flags", `there is no flag "a" in the document; it has "b", "c"`},
	"no JSON":                             {`{"variants": {`, lint.Mistake, "", "is not JSON: it ends too early"},
	"a comma too much":                    {"{\"variants\": {\n  \"on\": true,\n}}", lint.Mistake, "", "is not JSON: line 3, column 1: take out the comma before the }"},
	"a comma that is missing":             {"{\"variants\": {\"on\": true}\n \"state\": 1}", lint.Mistake, "", "is not JSON: line 2, column 2: invalid character '\"'"},
	"single quotes":                       {"{'variants': {}}", lint.Mistake, "", "line 1, column 2: write double quotes"},
	"no flag":                             {`perhaps`, lint.Mistake, "", "which is no flag"},
	"a word in quotes":                    {`"on"`, lint.Mistake, "", `is "\"on\"", which is no flag; write on, without quotes`},
	"a share in quotes":                   {`'0.25'`, lint.Mistake, "", "write 0.25, without quotes"},
	"a share without its sign":            {`25`, lint.Mistake, "", "write 25% for a share"},
	"an attribute in quotes":              {on(`{"if": [{"==": ["host", "a.example"]}, "on", "off"]}`), lint.Suspicion, "targeting.if[0].==", `"host" is a text here, and the same for every request; write {"var": "host"}`},
	"a header in quotes":                  {on(`{"if": [{"ends_with": ["headers.x-user", "@example.com"]}, "on", "off"]}`), lint.Suspicion, "targeting.if[0].ends_with", `write {"var": "headers.x-user"}`},
	"ends_with the wrong way round":       {on(`{"if": [{"ends_with": ["@example.com", {"var": "headers.x-user"}]}, "on", "off"]}`), lint.Suspicion, "targeting.if[0].ends_with", "swap its operands"},
	"a list without small letters":        {on(`{"if": [{"in": [{"lower": {"var": "headers.x-user"}}, ["ann", "Bob"]]}, "on", "off"]}`), lint.Suspicion, "targeting.if[0].in[1]", `lower never gives "Bob"; write "bob"`},
	"a text without capitals":             {on(`{"if": [{"==": ["ch", {"upper": [{"var": "headers.x-country"}]}]}, "on", "off"]}`), lint.Suspicion, "targeting.if[0].==[0]", `upper never gives "ch"; write "CH"`},
	"a bool for a text":                   {on(`{"if": [{"==": [{"var": "cookies.beta"}, true]}, "on", "off"]}`), lint.Suspicion, "targeting.if[0].==[1]", `write "true", in quotes`},
	"versions as texts":                   {on(`{"if": [{">=": [{"var": ["headers.x-version"]}, "2.0.0"]}, "on", "off"]}`), lint.Suspicion, "targeting.if[0].>=[1]", `write {"sem_ver": [{"var": "headers.x-version"}, ">=", "2.0.0"]}`},
	"a path without its slash":            {on(`{"if": [{"starts_with": [{"var": "path"}, "shop"]}, "on", "off"]}`), lint.Suspicion, "targeting.if[0].starts_with[1]", `write "/shop"`},
	"an attribute in quotes in a list":    {on(`{"if": [{"in": ["headers.x-user", ["ann", "bob"]]}, "on", "off"]}`), lint.Suspicion, "targeting.if[0].in[0]", `write {"var": "headers.x-user"}`},
	"a misspelt word":                     {`Ture`, lint.Mistake, "", "which is no flag; write true"},
	"a share with a comma":                {`0,5`, lint.Mistake, "", "which is no flag; write 0.5"},
	"entries as an object":                {on(`{"fractional": {"on": 50}}`), lint.Mistake, "targeting.fractional[0]", `write ["on", weight]`},
	"a flag of a document without a rule": {`{"flags": {"a": {}}}`, lint.Mistake, "variants", "is missing; a definition has an object there"},
	"a document without its s":            {`{"flag": {"a": {"variants": {"on": true}}}}`, lint.Mistake, "variants", `a document of several flags has "flags"`},
}

// A document without flags is suspicious where no key names one.
func TestDocumentWithoutFlags(t *testing.T) {
	set, _ := Parse([]byte(`{"flags": {}}`))
	findings := set.Findings("")
	if len(findings) != 1 || findings[0].Severity != lint.Suspicion || findings[0].Message != "the document has no flags; add one" {
		t.Error(told(findings))
	}
}

func keyFor(document string) string {
	if strings.Contains(document, `"flags"`) {
		return "a"
	}
	return ""
}

func TestFaultsAreFound(t *testing.T) {
	for name, c := range faulty {
		t.Run(name, func(t *testing.T) {
			set, _ := Parse([]byte(c.document))
			findings := set.Findings(keyFor(c.document))
			i := slices.IndexFunc(findings, func(f *Finding) bool { return f.Place == c.place && strings.Contains(f.Message, c.message) })
			if i < 0 {
				t.Fatalf("%s\nhas these findings: %s", c.document, told(findings))
			}
			if findings[i].Severity != c.severity {
				t.Errorf("%s is a %s", lint.Text(findings[i]), findings[i].Severity)
			}
		})
	}
}

func told(findings []*Finding) string {
	var lines []string
	for _, f := range findings {
		lines = append(lines, f.Severity+" "+lint.Text(f))
	}
	return "\n" + strings.Join(lines, "\n")
}

// Nothing is said of these.
var sound = map[string]string{
	"a word":                      "on",
	"a part of a constant":        on(`{"if": [{"in": [{"lower": {"var": "host"}}, "A.example a.example"]}, "on", "off"]}`),
	"letters beyond ASCII":        on(`{"if": [{"==": [{"lower": {"var": "headers.x-city"}}, "Århus"]}, "on", "off"]}`),
	"a number in quotes or not":   on(`{"if": [{"or": [{"==": [{"var": "query.n"}, 1]}, {">": [{"var": "query.n"}, "10"]}]}, "on", "off"]}`),
	"a share":                     "12.5%",
	"a switch":                    `{"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "off"}`,
	"variants to choose from":     `{"variants": {"slow": 1, "fast": 2.5, "faster": 3}, "defaultVariant": "slow"}`,
	"objects":                     `{"variants": {"a": {"x": 1}, "b": {}}, "defaultVariant": "a", "metadata": {"team": "x", "n": 1, "ok": true, "none": null}}`,
	"no default":                  `{"variants": {"on": true, "off": false}, "targeting": {"if": [` + isAda + `, "on"]}}`,
	"null as default":             `{"variants": {"on": true, "off": false}, "defaultVariant": null}`,
	"the default where null is":   letters(`{"if": [` + isAda + `, "b", null]}`),
	"other members":               `{"$schema": "x", "description": "y", "variants": {"on": true}, "defaultVariant": "on", "owner": "z", "tags": []}`,
	"disabled":                    `{"state": "DISABLED", "variants": {"on": true}, "defaultVariant": "on", "targeting": {"if": [{"==": 1}, "x"]}}`,
	"empty targeting":             on(`{}`),
	"a split and its default":     `{"variants": {"a": "A", "b": "B", "off": "C"}, "defaultVariant": "off", "targeting": {"fractional": [["a", 50], ["b", 50]]}}`,
	"a split by an attribute":     `{"variants": {"a": "A", "b": "B"}, "targeting": {"fractional": [{"cat": [{"var": "$flagd.flagKey"}, {"var": "cookies.uid"}]}, ["a", 0], ["b", 100]]}}`,
	"weights left out":            `{"variants": {"a": "A", "b": "B"}, "targeting": {"fractional": [["a"], ["b", 1]]}}`,
	"weights that grow":           `{"variants": {"a": "A", "b": "B"}, "targeting": {"fractional": [["a", {"-": [{"var": "$flagd.timestamp"}, 1700000000]}], ["b", 100]]}}`,
	"one entry":                   `{"variants": {"a": "A"}, "targeting": {"fractional": [["a", 1]]}}`,
	"a split as a condition":      on(`{"if": [{"fractional": [[false, 90], [true, 10]]}, "on", "off"]}`),
	"a split in a split":          letters(`{"fractional": [["a", 1], [{"fractional": [["b", 1], ["c", 1]]}, 1]]}`),
	"a condition and its names":   `{"variants": {"true": true, "false": false}, "targeting": ` + isAda + `}`,
	"what is computed":            letters(`{"cat": ["a", ""]}`),
	"an attribute as the variant": letters(`{"var": ["headers.x-letter", "a"]}`),
	"versions":                    on(`{"if": [{"and": [{"sem_ver": [{"var": "headers.x-version"}, "^", "v1"]}, {"sem_ver": ["1.2.3-rc.1+7", "<=", {"var": "query.v"}]}]}, "on"]}`),
	"a range":                     on(`{"if": [{"<": [1, {"var": "$flagd.timestamp"}, 2]}, "on", "off"]}`),
	"data in a list":              on(`{"if": [{"some": [[{"min": 1, "max": 2}], {"<": [{"var": "min"}, 2]}]}, "on", "off"]}`),
	"a part of a text":            on(`{"if": [{"in": ["@example.com", {"var": "headers.x-mail"}]}, "on", "off"]}`),
	"a long list":                 on(`{"if": [{"in": [{"var": "cookies.uid"}, [` + strings.Repeat(`"u",`, 5000) + `"v"]]}, "on", "off"]}`),
	"missing":                     on(`{"if": [{"missing": ["headers.x-user"]}, "off", {"if": [{"missing_some": [1, ["path", "host"]]}, "off", "on"]}]}`),
	"several conditions":          letters(`{"if": [` + isAda + `, "a", {"!": ` + isAda + `}, "b", "c"]}`),
	"a reduction":                 on(`{"if": [{">": [{"reduce": [[1, 2], {"+": [{"var": "current"}, {"var": "accumulator"}]}, 0]}, 2]}, "on", "off"]}`),
	"a rollout":                   letters(`{"rollout": [{"var": "cookies.uid"}, 1767225600, 1769904000, "a", "b"]}`),
	"times":                       on(`{"if": [{"<": ["2026-12-01T09:00:00Z", {"var": ["$flagd.timestamp"]}, "1800000000"]}, "on", "off"]}`),
	"networks and items":          on(`{"if": [{"or": [{"in_network": [{"var": "ip"}, ["10.0.0.0/8"]]}, {"in": ["beta", {"split": [{"var": "headers.x-groups"}]}]}]}, "on", "off"]}`),
	"colons in texts":             on(`{"if": [{"==": [{"var": "headers.x-a"}, "a:b:c"]}, "on", "off"]}`),
	"a document":                  `{"$schema": "https://flagd.dev/schema/v0/flags.json", "flags": {"a": ` + on(`{"if": [{"$ref": "who"}, "on", "off"]}`) + `, "b": {"variants": {"variants": 1}}}, "$evaluators": {"who": ` + isAda + `}, "metadata": {"version": "1"}}`,
	"a list for flagd":            `{"$schema": "https://flagd.dev/schema/v0/flags.json#flagdImport", "flags": [{"key": "a", "variants": {"on": true}}]}`,
	"a list":                      `{"flags": [{"key": "a", "variants": {"on": true}}]}`,
	"large numbers":               `{"variants": {"least": -9007199254740991, "most": 9007199254740991}, "defaultVariant": "most"}`,
}

func TestSoundFlagsAreNotMentioned(t *testing.T) {
	for name, document := range sound {
		t.Run(name, func(t *testing.T) {
			set, err := Parse([]byte(document))
			if err != nil {
				t.Fatal(err)
			}
			if findings := set.Findings(keyFor(document)); len(findings) > 0 {
				t.Errorf("%.300s:%s", document, told(findings))
			}
		})
	}
}

// What has several operators is refused like what can't be parsed; all else that is found
// is served as before.
func TestSeveralOperatorsAreRefused(t *testing.T) {
	for name, c := range faulty {
		set, err := Parse([]byte(c.document))
		key := keyFor(c.document)
		if strings.Contains(c.message, "one operator") || strings.Contains(c.message, `{"<", ">"}`) {
			fault := set.Err(key)
			if fault == nil || !strings.Contains(fault.Error(), c.place) || key == "" && err == nil {
				t.Errorf("%s: refused for %v", name, fault)
			}
			if ev := set.Evaluate(key, false, nil); ev.ErrorCode != ErrorParse || ev.Value != false {
				t.Errorf("%s: %+v", name, ev)
			}
		}
	}
}

// However much is wrong, the findings are few and short, and what refuses the flag is among them.
func TestFindingsAreBounded(t *testing.T) {
	many := strings.Repeat(`{"==": [1]},`, 200)
	set, err := Parse([]byte(on(`{"if": [{"or": [` + many + `{"==": [1, 2], "and": [false]}]}, "on", "off"]}`)))
	findings := set.Findings("")
	if err == nil || len(findings) > lint.MostFindings+1 || !slices.ContainsFunc(findings, func(f *Finding) bool { return f.Refused }) {
		t.Errorf("%v, %d findings", err, len(findings))
	}
	line := lint.Line(findings)
	if !strings.Contains(line, fmt.Sprintf("and %d more", len(findings)-3)) || len(line) > 1000 {
		t.Error(line)
	}
}

// Each operation has a shape, so that its operands are looked at.
func TestOperationsHaveShapes(t *testing.T) {
	for name := range operations {
		if !lint.HasShape(name) {
			t.Errorf("%s has no shape; give it one in flag/lint/shapes.go", name)
		}
	}
}

// Of a document, all is found at its place, once, also in evaluators that no flag refers to.
func TestFindingsOfAll(t *testing.T) {
	broken := on(`{"if": [{"==": [1, 2], "and": [false]}, "on", "off"]}`)
	set, err := Parse([]byte(`{"metadata": {"x": []}, "flags": {"a": ` + on(`{"if": [{"$ref": "used"}, "on", "off"]}`) + `, "b": ` + broken + `, "c": ` + on(`{"if": [{"$ref": "used"}, "on", "of"]}`) + `, "d": 1, "d": {}},
		"$evaluators": {"used": {"==": [1]}, "sound": ` + isAda + `, "none": null, "two": {"==": [1, 2], "and": [false]}, "version": {"sem_ver": [{"var": "v"}, "==", "1"]}, "other": {"$ref": "two"}, "circle": {"$ref": "circle"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	places := func(most int) string {
		var all []string
		for _, f := range FindingsOfAll(set, most) {
			if f.Refused {
				t.Errorf("%s refuses the document", lint.Text(f))
			}
			all = append(all, f.Place)
		}
		return strings.Join(all, " ")
	}
	if got := places(2); got != "flags.b.targeting.if[0] metadata.x $evaluators.used.==" {
		t.Error(got)
	}
	if got := places(9); got != "flags.b.targeting.if[0] flags.c.targeting.if[2] flags.d.variants $evaluators.circle $evaluators.other $evaluators.two $evaluators.version.sem_ver[1] metadata.x $evaluators.used.==" {
		t.Error(got)
	}
	lone, _ := Parse([]byte("perhaps"))
	if len(FindingsOfAll(lone, 9)) != 1 {
		t.Error(told(FindingsOfAll(lone, 9)))
	}
}

// A reason that lies in an evaluator is a sentence with the way to it.
func TestReasonsInEvaluators(t *testing.T) {
	for evaluators, want := range map[string]string{
		`{"x": {"nonsense": 1}}`:                                `"targeting" refers to the evaluator "x", which is wrong at $evaluators.x: there is no operation "nonsense"; `,
		`{"x": {"$ref": "y"}, "y": {"or": {"a": 1, "and": 2}}}`: `"targeting" refers to the evaluator "x", which refers to the evaluator "y", which is wrong at $evaluators.y.or: {"a", "and"}: an operation has one operator`,
		`{"x": {"$ref": "x"}}`:                                  `"targeting" refers to the evaluator "x", which refers to the evaluator "x", which refers to itself; break the circle`,
	} {
		set, _ := Parse([]byte(`{"flags": {"a": ` + on(`{"if": [{"$ref": "x"}, "on", "off"]}`) + `}, "$evaluators": ` + evaluators + `}`))
		if got := set.Err("a"); got == nil || !strings.Contains(got.Error(), want) {
			t.Errorf("%s: %v", evaluators, got)
		}
	}
}

func TestThingsAreToldOnceAVersion(t *testing.T) {
	for _, document := range []string{"25%", on(`{"if": [` + isAda + `, "on"]}`)} {
		set, _ := Parse([]byte(document))
		only := set.Only("a")
		if !FirstTime(only, "a", "x") || FirstTime(only, "a", "x") || FirstTime(set.Salted("s"), "a", "x") || !FirstTime(only, "a", "y") {
			t.Errorf("%s: not once", document)
		}
		next, _ := Parse([]byte(document))
		if !FirstTime(next, "a", "x") {
			t.Errorf("%s: another version says nothing", document)
		}
	}
}
