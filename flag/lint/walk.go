package lint

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// Known is what the caller knows, and a rule is measured by.
type Known struct {
	Operations  map[string]int             // by their names
	Comparisons map[string]int             // the operators of sem_ver
	Evaluators  map[string]json.RawMessage // of the document
	IsVersion   func(value any) bool       // tells whether sem_ver can compare a value
	MostNodes   int                        // how many operations are looked at
	MostDepth   int                        // how deep they are looked at
}

// A Rule is what is found in a rule.
type Rule struct {
	Findings   []*Finding
	Attributes []*Attribute // that it looks up in the context, each once
	Outcomes   []*Outcome   // constants that it may be worth
	Refers     []string     // evaluators whose outcomes are its own
	Open       bool         // it may be worth what only an evaluation tells
	Partial    bool         // it may be worth nothing
	Members    int          // of the objects that were looked at
}

// An Attribute is an attribute that a rule looks up, and the first place where it does.
type Attribute struct {
	Name  string
	Place string
}

// An Outcome is a constant that a rule may be worth.
type Outcome struct {
	Value any
	Place string
	Holds bool // it is the outcome of a condition, which is true or false
}

// A spot is a place in a rule: below an operation, or in a list.
type spot struct {
	up    *spot
	name  string // of an operation, or of the rule itself
	index int    // in a list, where there is no name
}

func placeOf(s *spot) string {
	switch {
	case s.up == nil:
		return s.name
	case s.name == "":
		return placeOf(s.up) + "[" + strconv.Itoa(s.index) + "]"
	}
	return placeOf(s.up) + "." + s.name
}

type walker struct {
	known *Known
	rule  *Rule
	nodes int
	depth int
	names map[string]bool // of the attributes
}

// Check looks for what is wrong in a rule, which stands at a place.
func Check(value any, place string, known *Known) *Rule {
	w := &walker{known: known, rule: &Rule{}, names: map[string]bool{}}
	top := &spot{name: place}
	checkWhole(w, value, top)
	walk(w, value, top, false, false)
	w.nodes = 0
	findOutcomes(w, value, top)
	return w.rule
}

// checkWhole finds what is no operation, where flagd wants one.
func checkWhole(w *walker, value any, at *spot) {
	_, isObject := value.(map[string]any)
	_, isList := value.([]any)
	switch {
	case value == nil || isObject:
	case isList:
		add(w, Mistake, at, `is a list, and no operation, which flagd refuses; write one, as {"if": [condition, variant]}`)
	default:
		add(w, Suspicion, at, shown(value)+" is no operation, which flagd refuses, and the same for every request; write an operation, or leave it out")
	}
}

func add(w *walker, severity string, at *spot, message string) {
	if len(w.rule.Findings) < MostFindings {
		w.rule.Findings = append(w.rule.Findings, &Finding{Severity: severity, Place: placeOf(at), Message: message})
	}
}

// addRefused adds a mistake because of which the flag is refused. There is always room for
// one.
func addRefused(w *walker, at *spot, message string) {
	finding := &Finding{Severity: Mistake, Place: placeOf(at), Message: message, Refused: true}
	if len(w.rule.Findings) < MostFindings {
		w.rule.Findings = append(w.rule.Findings, finding)
	} else {
		w.rule.Findings[MostFindings-1] = finding
	}
}

// isFull tells whether enough has been looked at, and counts what is.
func isFull(w *walker) bool {
	w.nodes++
	return w.nodes > w.known.MostNodes || w.depth > w.known.MostDepth
}

// fewElements is how many elements of a list are looked at, which is full of constants
// where it has more.
const fewElements = 64

// walk looks at a value in a rule. Below map and the like, it is scoped: its attributes are
// those of an element. An object in a list may be data.
func walk(w *walker, value any, at *spot, scoped, isData bool) {
	list, isList := value.([]any)
	if isList {
		walkList(w, list, at, scoped)
		return
	}
	object, isObject := value.(map[string]any)
	if !isObject || len(object) == 0 || isFull(w) {
		return
	}
	w.rule.Members += len(object)
	if len(object) > 1 {
		checkSeveral(w, object, at, isData)
		return
	}
	w.depth++
	for name, operand := range object {
		checkOperation(w, name, operand, at, scoped)
	}
	w.depth--
}

func walkList(w *walker, list []any, at *spot, scoped bool) {
	w.depth++
	for i, element := range list {
		if i == fewElements || w.depth > w.known.MostDepth {
			break
		}
		if !isConstant(element) {
			walk(w, element, &spot{up: at, index: i}, scoped, true)
		}
	}
	w.depth--
}

// checkSeveral is for an object with several members, which is a value and no operation.
func checkSeveral(w *walker, object map[string]any, at *spot, isData bool) {
	if isData {
		return
	}
	names := lists.SortedKeys(object)
	for _, name := range names {
		_, isKnown := w.known.Operations[name]
		if isKnown || name == "$ref" {
			addRefused(w, at, SeveralOperators(names))
			return
		}
	}
	add(w, Suspicion, at, "{"+quoted(names)+"} is a value, and no operation, which has one operator")
}

// SeveralOperators says what is wrong with an operation of several operators.
func SeveralOperators(names []string) string {
	return "{" + quoted(names) + `}: an operation has one operator; join them with "and" or "or"`
}

func checkOperation(w *walker, name string, operand any, at *spot, scoped bool) {
	if name == "$ref" {
		checkReference(w, operand, at)
		return
	}
	_, isKnown := w.known.Operations[name]
	if !isKnown {
		if at.up != nil && at.up.name == "fractional" {
			addRefused(w, at, "an entry of a split is a list; write ["+shown(name)+", weight]")
			return
		}
		addRefused(w, at, "there is no operation "+shown(name)+meant(name, lists.SortedKeys(w.known.Operations), operatorNames, "the operations are"))
		return
	}
	operands, isList := operand.([]any)
	if !isList {
		operands = []any{operand}
	}
	here := &spot{up: at, name: name}
	s := shapes[name]
	if s == nil {
		s = &shape{}
	}
	checkOperands(w, s, name, operands, here)
	checkConstants(w, name, operands, here, scoped)
	if name == "fractional" {
		walkSplit(w, operands, here, scoped)
		return
	}
	for i, inner := range operands {
		if i > w.known.MostNodes {
			return
		}
		if isConstant(inner) {
			continue
		}
		below := here
		if isList {
			below = &spot{up: here, index: i}
		}
		walk(w, inner, below, scoped || i == 1 && s.loops, false)
	}
}

// checkConstants looks at the constants among the operands of some operations.
func checkConstants(w *walker, name string, operands []any, at *spot, scoped bool) {
	if !scoped && comparisons[name] {
		checkNever(w, name, operands, at)
	}
	switch name {
	case "var":
		if len(operands) > 0 {
			noteAttribute(w, operands[0], at, scoped)
		}
	case "missing", "missing_some":
		noteMissing(w, operands, at, scoped)
	case "sem_ver":
		checkVersions(w, operands, at)
	case "fractional":
		checkSplit(w, operands, at)
	case "rollout":
		checkRollout(w, operands, at)
		if !scoped {
			noteName(w, targetingKey, at)
		}
	case "in":
		checkIn(w, operands, at)
	case "==", "!=", "<", "<=", ">", ">=":
		checkTimes(w, operands, at)
		checkVaries(w, operands, at)
	case "===", "!==":
		checkVaries(w, operands, at)
	case "starts_with", "ends_with":
		checkVaries(w, operands, at)
		if len(operands) == 2 && isConstant(operands[0]) && !isConstant(operands[1]) {
			add(w, Suspicion, at, "the text to look in stands first in "+name+"; swap its operands")
		}
	}
}

const targetingKey = "targetingKey"

func checkReference(w *walker, operand any, at *spot) {
	name, isText := operand.(string)
	if !isText || len(w.known.Evaluators[name]) == 0 {
		addRefused(w, at, `"$evaluators" has no `+shown(operand)+"; "+evaluatorMeant(name, w.known.Evaluators))
	}
}

// evaluatorMeant says which evaluator was meant, or which there are.
func evaluatorMeant(name string, evaluators map[string]json.RawMessage) string {
	if len(evaluators) == 0 || len(evaluators) > mostEvaluators {
		return "define it there"
	}
	names := lists.SortedKeys(evaluators)
	other := Nearest(name, names)
	if other != "" {
		return "write " + shown(other)
	}
	return "it has " + quoted(names)
}

// mostEvaluators is among how many evaluators one is looked for that was meant.
const mostEvaluators = 500

// checkIn finds operands that stand the wrong way round: the text of a list with several
// elements has commas, and is part of nothing.
func checkIn(w *walker, operands []any, at *spot) {
	if len(operands) != 2 {
		return
	}
	list, isList := operands[0].([]any)
	_, otherIsList := operands[1].([]any)
	if isList && len(list) > 1 && !otherIsList {
		add(w, Suspicion, at, `the list of "in" stands second; swap its operands`)
	}
}

// noteAttribute notes an attribute with a constant name.
func noteAttribute(w *walker, name any, at *spot, scoped bool) {
	word, isText := name.(string)
	if !isText || scoped || word == "" || word == "$flagd" {
		return
	}
	if strings.HasPrefix(word, "$") || strings.HasPrefix(word, "flagd.") {
		checkProperty(w, word, at)
		return
	}
	noteName(w, word, at)
}

func noteName(w *walker, name string, at *spot) {
	if !w.names[name] {
		w.names[name] = true
		w.rule.Attributes = append(w.rule.Attributes, &Attribute{Name: name, Place: placeOf(at)})
	}
}

func noteMissing(w *walker, operands []any, at *spot, scoped bool) {
	for _, operand := range operands {
		list, isList := operand.([]any)
		if !isList {
			list = []any{operand}
		}
		for i, name := range list {
			if i > w.known.MostNodes {
				return
			}
			noteAttribute(w, name, at, scoped)
		}
	}
}

// properties are what flagd adds to the context.
var properties = []string{"$flagd.flagKey", "$flagd.timestamp"}

func checkProperty(w *walker, name string, at *spot) {
	for _, property := range properties {
		if name == property {
			return
		}
	}
	family, _, _ := strings.Cut(name, ".")
	if family == "$flagd" || Nearest(name, properties) != "" {
		add(w, Mistake, at, "flagd gives no "+shown(name)+meant(name, properties, nil, "it gives"))
		return
	}
	noteName(w, name, at)
}
