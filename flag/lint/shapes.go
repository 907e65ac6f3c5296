package lint

import (
	"regexp"
	"strconv"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// A shape is what an operation wants of its operands.
type shape struct {
	least, most int  // how many; any number where most is 0
	strict      bool // with another number, it is always null
	texts       bool // its constant operands have to be texts
	holds       bool // it is worth true or false
	loops       bool // the attributes of its second operand are those of a list's element
}

// shapes are those of all operations.
var shapes = map[string]*shape{
	"if": {least: 1}, "?:": {least: 1}, "and": {least: 1}, "or": {least: 1}, "log": {}, "merge": {}, "cat": {}, "max": {}, "min": {}, "+": {least: 1}, "*": {least: 1},
	"!": {least: 1, most: 1, holds: true}, "!!": {least: 1, most: 1, holds: true},
	"==": {least: 2, most: 2, holds: true}, "===": {least: 2, most: 2, holds: true}, "!=": {least: 2, most: 2, holds: true}, "!==": {least: 2, most: 2, holds: true},
	"<": {least: 2, most: 3, holds: true}, "<=": {least: 2, most: 3, holds: true}, ">": {least: 2, most: 3, holds: true}, ">=": {least: 2, most: 3, holds: true},
	"in": {least: 2, most: 2, holds: true}, "var": {}, "missing": {}, "missing_some": {least: 2, most: 2},
	"-": {least: 1, most: 2}, "/": {least: 2, most: 2}, "%": {least: 2, most: 2}, "substr": {least: 2, most: 3},
	"map": {least: 2, most: 2, loops: true}, "filter": {least: 2, most: 2, loops: true}, "reduce": {least: 2, most: 3, loops: true},
	"all": {least: 2, most: 2, loops: true, holds: true}, "none": {least: 2, most: 2, loops: true, holds: true}, "some": {least: 2, most: 2, loops: true, holds: true},
	"fractional": {least: 1}, "rollout": {least: 3, most: 5, strict: true}, "sem_ver": {least: 3, most: 3, strict: true, holds: true},
	"starts_with": {least: 2, most: 2, strict: true, texts: true, holds: true}, "ends_with": {least: 2, most: 2, strict: true, texts: true, holds: true},
	"in_network": {least: 2, most: 2, strict: true, holds: true}, "split": {least: 1, most: 2},
	"lower": {least: 1, most: 1, strict: true, texts: true}, "upper": {least: 1, most: 1, strict: true, texts: true},
}

// HasShape tells whether it is known what an operation wants of its operands.
func HasShape(operation string) bool { return shapes[operation] != nil }

// checkOperands checks the number of an operation's operands, and the types of constant ones.
func checkOperands(w *walker, s *shape, name string, operands []any, at *spot) {
	n := len(operands)
	if n < s.least || s.most > 0 && n > s.most {
		severity := Suspicion
		if s.strict {
			severity = Mistake
		}
		add(w, severity, at, shown(name)+" has "+count(n, "operand")+"; it takes "+between(s))
		return
	}
	if !s.texts {
		return
	}
	for i, operand := range operands {
		_, isText := operand.(string)
		if !isText && isConstant(operand) {
			add(w, Mistake, &spot{up: at, index: i}, shown(operand)+" is no text, so that "+name+" is never true; write it in quotes")
		}
	}
}

// between says how many operands an operation takes.
func between(s *shape) string {
	switch {
	case s.most == 0:
		return "at least " + strconv.Itoa(s.least)
	case s.most == s.least:
		return strconv.Itoa(s.least)
	}
	return strconv.Itoa(s.least) + " to " + strconv.Itoa(s.most)
}

func count(n int, noun string) string {
	switch n {
	case 0:
		return "no " + noun
	case 1:
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// isConstant tells whether a value is neither an operation nor a list, which may have some.
func isConstant(value any) bool {
	_, isList := value.([]any)
	_, isObject := value.(map[string]any)
	return !isList && !isObject
}

func textIn(value any) string {
	word, isText := value.(string)
	if !isText {
		return ""
	}
	return word
}

// checkVersions checks the constants of sem_ver.
func checkVersions(w *walker, operands []any, at *spot) {
	if len(operands) != 3 {
		return
	}
	for i, operand := range operands {
		if !isConstant(operand) {
			continue
		}
		here := &spot{up: at, index: i}
		word := textIn(operand)
		_, isKnown := w.known.Comparisons[word]
		switch {
		case i == 1 && !isKnown:
			add(w, Mistake, here, "sem_ver has no operator "+shown(operand)+meant(word, lists.SortedKeys(w.known.Comparisons), versionNames, "it has"))
		case i != 1 && !w.known.IsVersion(operand):
			add(w, Mistake, here, shown(operand)+` is no version, so that sem_ver is never true; write it as "1.2.0", with "~" for any patch of 1.2 and "^" for any of 1`)
		}
	}
}

// checkVaries finds the name of an attribute that stands there as a text, beside other constants.
func checkVaries(w *walker, operands []any, at *spot) {
	meant := ""
	for _, operand := range operands {
		if !isConstant(operand) {
			return
		}
		if attributeName.MatchString(textIn(operand)) {
			meant = textIn(operand)
		}
	}
	if meant != "" {
		add(w, Suspicion, at, shown(meant)+" is a text here, and the same for every request; write {\"var\": "+shown(meant)+"} for the attribute")
	}
}

// attributeName matches what every request has.
var attributeName = regexp.MustCompile(`^(host|path|method|ip|targetingKey|(headers|cookies|query)\..+|\$flagd\..+)$`)
