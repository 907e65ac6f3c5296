package flag_test

import (
	"runtime"
	"testing"
)

// A proxy has more in its memory than a benchmark, and collects garbage less often.
var ballast = make([]byte, 128<<20)

// Five rules, of which the last one is true: the whole targeting is evaluated.
const (
	fiveRules = `{"if": [
		{"==": [{"var": "country"}, "de"]}, "one",
		{"in": [{"var": "plan"}, ["gold", "platinum"]]}, "two",
		{">=": [{"var": "age"}, 65]}, "three",
		{"and": [{"in": ["@example.org", {"var": "email"}]}, {"==": [{"var": "path"}, "/admin"]}]}, "four",
		{"or": [{"==": [{"var": "host"}, "beta.example.com"]}, {"==": [{"var": "method"}, "GET"]}]}, "five",
		"none"]}`
	flagdRules = `{"if": [
		{"==": [{"var": "country"}, "de"]}, "one",
		{"starts_with": [{"var": "path"}, "/beta/"]}, "two",
		{"ends_with": [{"var": "email"}, "@example.org"]}, "three",
		{"sem_ver": [{"var": "version"}, "<", "2.4.0"]}, "four",
		{"fractional": [["five", 25], ["one", 75]]}]}`
	variants = `{"one":"1","two":"2","three":"3","four":"4","five":"5","none":"0"}`
)

func targeted(rule string) string {
	return `{"flags":{"rollout":{"state":"ENABLED","variants":` + variants + `,"defaultVariant":"none","targeting":` + rule + `}}}`
}

var visitor = map[string]any{
	"targetingKey": "0b6e2f44-5f0d-4d0c-9c57-1f6f3b1f2a77", "country": "fr", "plan": "free", "age": 34.0, "email": "someone@example.com",
	"path": "/checkout/basket", "host": "www.example.com", "method": "GET", "version": "2.10.3",
}

func BenchmarkFiveRulesInterpreted(b *testing.B) {
	defer runtime.KeepAlive(ballast)
	m := interpreted(b)
	b.ResetTimer()
	m.repeat(targeted(fiveRules), "rollout", "", visitor, b.N)
}

func BenchmarkFiveRulesLazilyInterpreted(b *testing.B) {
	m := interpreted(b)
	b.ResetTimer()
	m.lazily(targeted(fiveRules), "rollout", "", visitor, b.N)
}

func BenchmarkFiveRulesOtherInterpreted(b *testing.B) {
	repeat := interpretedOther(b)
	b.ResetTimer()
	repeat(fiveRules, visitor, b.N)
}

func BenchmarkFiveRulesCompiled(b *testing.B) {
	compiled().repeat(targeted(fiveRules), "rollout", "", visitor, b.N)
}

func BenchmarkFlagdRulesInterpreted(b *testing.B) {
	m := interpreted(b)
	b.ResetTimer()
	m.repeat(targeted(flagdRules), "rollout", "", visitor, b.N)
}

func BenchmarkShareInterpreted(b *testing.B) {
	m := interpreted(b)
	b.ResetTimer()
	m.repeat("25%", "rollout", false, visitor, b.N)
}

func BenchmarkWordInterpreted(b *testing.B) {
	m := interpreted(b)
	b.ResetTimer()
	m.repeat("on", "rollout", false, visitor, b.N)
}
