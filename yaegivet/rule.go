package yaegivet

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// A rule finds one kind of construct. Its texts make a page, a row in a table and
// the sentences of its findings: "In Yaegi, " with what or with a construct that the
// check names, and what it does.
type rule struct {
	name     string
	severity Severity
	what     string // the kind of construct
	does     string // what becomes of it
	works    string // the form to write instead
	harmless string // where it does no harm, or empty where that isn't known
	check    func(*vetter)
}

// A Severity is the worst that a construct was seen to do.
type Severity string

const (
	Crash Severity = "crash" // ends the whole proxy
	Hang  Severity = "hang"  // waits for ever
	Panic Severity = "panic" // panics, which Traefik recovers from in a request, and in no goroutine of a plugin
	Wrong Severity = "wrong" // gives another value than the compiled program, without a word
	Leak  Severity = "leak"  // keeps memory
	Load  Severity = "load"  // has Traefik refuse the plugin
	Mark  Severity = "mark"  // about the comments that silence findings
)

// Severities from the worst to the one that is seen first.
func Severities() []Severity { return []Severity{Crash, Hang, Panic, Wrong, Leak, Load} }

// A Rule tells what there is to know of a rule.
type Rule struct {
	Name     string   `json:"rule"`
	Severity Severity `json:"severity"`
	Summary  string   `json:"summary"`  // what happens, a sentence
	Remedy   string   `json:"remedy"`   // what to write instead, a sentence
	Harmless string   `json:"harmless"` // where it does no harm, a sentence
	URL      string   `json:"url"`      // its page
}

// Rules tells of all rules, the worst first. The rule mark, about the comments that
// silence findings, is none of them.
func Rules() []Rule {
	var all []Rule
	for _, r := range rules() {
		all = append(all, r.public())
	}
	rank := func(r Rule) int { return slices.Index(Severities(), r.Severity) }
	slices.SortStableFunc(all, func(a, b Rule) int { return rank(a) - rank(b) })
	return all
}

// SeverityOf returns the severity of a rule, also of mark.
func SeverityOf(name string) Severity {
	for _, r := range rules() {
		if r.name == name {
			return r.severity
		}
	}
	return Mark
}

// rules by their subjects.
func rules() []rule {
	return slices.Concat(
		selectRules, resultRules, recoverResultRules, parameterRules, commaOKRules, interfaceRules, errorRules, closureRules, captureRules,
		argumentRules, recoverRules, goRules, switchRules, keyRules, initRules, rangeRules, literalRules, nilFuncRules, channelRules, packageRules,
		shapeRules, symbolRules, methodRules, nativeRules,
		jsonRules, constRules, funcMethodRules, nilRules, twinRules, deferPassedRules,
		laterResultRules, pairRules, operandRules, returnFuncRules, laterFuncRules,
		successorRules, foreignRules, shadowRules, receiverRules,
		constValueRules, appendFuncRules, variadicFieldRules, writerRules,
	)
}

func (r rule) public() Rule {
	harmless := "No case is known in which it does no harm."
	if r.harmless != "" {
		harmless = "It does no harm where " + r.harmless + "."
	}
	return Rule{r.name, r.severity, "In Yaegi, " + r.what + " " + r.does + ".", capital(r.works) + ".", harmless, page(r.name)}
}

// sentence says what is wrong with a construct, and what to do.
func (r rule) sentence(construct string) string {
	return "In Yaegi, " + construct + " " + r.does + ". " + capital(r.works) + "."
}

// page is where a rule is explained.
func page(name string) string {
	const here = "https://github.com/mod-zookeeper/traefik-zookeeper/blob/main/yaegivet/"
	if name == markRule {
		return here + "readme.md#a-finding-that-is-all-right"
	}
	return here + "rules/" + name + ".md"
}

func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
