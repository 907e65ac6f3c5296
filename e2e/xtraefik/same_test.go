package xtraefik

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
)

// Configurations of the tests' plugin: what fits, what the decoder makes fit, and what it
// refuses.
var decoded = []string{
	`{text: a}`,
	`{text: a, number: "12", share: "0.5", on: "true", list: "a,b,c", numbers: "1,2"}`,
	`{number: 3.9, text: 5, on: 1, list: one, kept: other}`,
	`{wait: 5000000000, map: {a: 1, b: true}, any: {a: [1, x]}, other: renamed}`,
	`{inner: {name: a, count: "2"}, pointer: {name: b}, inners: [{name: c}, {count: 4}]}`,
	`{inners: {name: single}, list: []}`,
	`{TEXT: upper, NuMbEr: 4, bogus: 1, inner: {bogus: 2}}`,
	`{renamed: under its own name}`,
	`{wait: 5s}`,
	`{number: many}`,
	`{on: perhaps}`,
	`{inner: text}`,
	`{map: [1, 2]}`,
	`{text: {a: b}}`,
	`{text: refuse}`,
	`{list: {a: b}, numbers: [1, "2"]}`,
}

// pairs are middlewares with the same configurations, native0 and interpreted0 and so on.
func pairs(configs []string) []middleware {
	var all []middleware
	for i, config := range configs {
		for _, mode := range []string{"native", "interpreted"} {
			all = append(all, middleware{fmt.Sprint(mode, i), mode, config})
		}
	}
	return all
}

// alike takes out what the two modes are told apart by.
func alike(text string) string { return strings.ReplaceAll(text, "interpreted", "native") }

func TestDecodedAlike(t *testing.T) {
	tr := start(t, configuration(echo(t), pairs(decoded)...))
	await(t, tr, "/interpreted0/", http.StatusOK)
	served := 0
	for i, config := range decoded {
		native, interpreted := ask(tr, fmt.Sprintf("/native%d/", i)), ask(tr, fmt.Sprintf("/interpreted%d/", i))
		if native.status != interpreted.status {
			t.Errorf("%s: status %d, interpreted %d", config, native.status, interpreted.status)
		}
		for _, name := range []string{"X-Config", "X-Name"} {
			if a, b := native.header.Get(name), alike(interpreted.header.Get(name)); a != b {
				t.Errorf("%s: %s is\n%s, interpreted\n%s", config, name, a, b)
			}
		}
		if native.status == http.StatusOK {
			served++
		}
		a, b := problems(t, tr, fmt.Sprint("native", i)), problems(t, tr, fmt.Sprint("interpreted", i))
		if a != alike(b) || (a == "") != (native.status == http.StatusOK) {
			t.Errorf("%s: with status %d, Traefik says %q, interpreted %q", config, native.status, a, b)
		}
	}
	if served < 6 || served > len(decoded)-6 {
		t.Errorf("%d of %d configurations are served", served, len(decoded))
	}
}

// problems is what Traefik's API says is wrong with a router.
func problems(t *testing.T, tr *traefik.Traefik, router string) string {
	t.Helper()
	text, err := tr.API("/api/http/routers/" + router + "@file")
	if err != nil {
		t.Fatal(err)
	}
	var state struct{ Error []string }
	if err := json.Unmarshal([]byte(text), &state); err != nil {
		t.Fatal(err)
	}
	slices.Sort(state.Error)
	return strings.Join(state.Error, "\n")
}

// What a plugin prints, and what would end another process, comes to the same.
func TestActAlike(t *testing.T) {
	tr := start(t, configuration(echo(t), pairs([]string{"{text: a}"})...))
	await(t, tr, "/interpreted0/", http.StatusOK)
	await(t, tr, "/native0/", http.StatusOK)
	for _, act := range []string{"print", "log", "panic", "nil", "abort", "fatal", "exit", "print"} {
		var answers, logs []string
		for _, mode := range []string{"native", "interpreted"} {
			before := len(tr.Entries())
			got := ask(tr, "/"+mode+"0/?act="+act)
			answers = append(answers, fmt.Sprintf("status %d, %q, failed %t", got.status, without(got.body, mode), got.err != nil))
			logs = append(logs, logged(tr.Entries()[before:]))
			if !tr.Alive() {
				t.Fatalf("%s: Traefik has ended", act)
			}
		}
		if answers[0] != answers[1] {
			t.Errorf("%s: %s; interpreted %s", act, answers[0], answers[1])
		}
		if act == "abort" { // which Traefik doesn't log, unless it came through the interpreter
			logs[1] = ""
		}
		if logs[0] != alike(logs[1]) || act != "abort" && logs[0] == "" {
			t.Errorf("%s: logged\n%sinterpreted\n%s", act, logs[0], logs[1])
		}
	}
}

// without takes out of a body what the service says of the path.
func without(body, mode string) string { return strings.ReplaceAll(body, "/"+mode+"0/", "/") }

var (
	// The interpreter tells at each of its frames that a panic passes.
	frame = regexp.MustCompile(`oddities\.go:\d+:\d+: panic: `)
	// What happens to a nil pointer has another name in the interpreter.
	nilPointer = regexp.MustCompile(`(runtime error: invalid memory address|reflect: call of) .*`)
	client     = regexp.MustCompile(`\[127\.0\.0\.1:\d+ `)
)

// logged are the lines of plugins and of panics, without the stacks.
func logged(entries []traefik.Entry) string {
	text := ""
	for _, e := range entries {
		if e.Plugin != "" && !frame.MatchString(e.Message) || strings.Contains(e.Message, "Recovered from panic") {
			message, _, _ := strings.Cut(e.Message, "\n")
			text += fmt.Sprintf("%s %s: %s\n", e.Level, e.Plugin, nilPointer.ReplaceAllString(client.ReplaceAllString(message, "["), "nil pointer"))
		}
	}
	return text
}
