package lint

import (
	"regexp"
	"strconv"
	"strings"
)

// Comparisons that come out the same for every request, since what requests have is never of the
// form that stands there.

// comparisons are the operations that compare two values.
var comparisons = map[string]bool{
	"==": true, "===": true, "!=": true, "!==": true, "<": true, "<=": true, ">": true, ">=": true, "in": true, "starts_with": true, "ends_with": true,
}

var (
	asciiUpper = regexp.MustCompile(`[A-Z]`)
	asciiLower = regexp.MustCompile(`[a-z]`)
	version    = regexp.MustCompile(`^v?[0-9]+\.[0-9]+\.[0-9]+`)
)

// checkNever looks at both operands of a comparison.
func checkNever(w *walker, name string, operands []any, at *spot) {
	if len(operands) != 2 {
		return
	}
	for i, operand := range operands {
		other := operands[1-i]
		here := &spot{up: at, index: 1 - i}
		_, isText := other.(string)
		if name != "in" || i == 1 || !isText { // "in" a text finds a part of it
			checkCase(w, operatorOf(operand), other, here)
		}
		attribute := textIn(operandOf(operand, "var"))
		if attributeName.MatchString(attribute) && !strings.HasPrefix(attribute, "$") {
			checkForm(w, name, attribute, other, here)
		}
	}
	list, isList := operands[1].([]any)
	if name == "in" && isList && areConstant(list) && attributeName.MatchString(textIn(operands[0])) {
		add(w, Suspicion, &spot{up: at, index: 0}, shown(operands[0])+" is a text here, and the same for every request; write {\"var\": "+shown(operands[0])+"} for the attribute")
	}
}

// checkCase finds letters that lower and upper never give.
func checkCase(w *walker, operator string, other any, at *spot) {
	if operator != "lower" && operator != "upper" {
		return
	}
	texts, isList := other.([]any)
	if !isList {
		texts = []any{other}
	}
	for i, element := range texts {
		if i == fewElements {
			return
		}
		text := textIn(element)
		meant := asciiUpper.ReplaceAllStringFunc(text, strings.ToLower)
		if operator == "upper" {
			meant = asciiLower.ReplaceAllStringFunc(text, strings.ToUpper)
		}
		if meant != text {
			add(w, Suspicion, at, operator+" never gives "+shown(text)+"; write "+shown(meant))
			return
		}
	}
}

// checkForm compares a constant with what an attribute of requests can be.
func checkForm(w *walker, name, attribute string, other any, at *spot) {
	on, isBool := other.(bool)
	text := textIn(other)
	isOrder := strings.HasPrefix(name, "<") || strings.HasPrefix(name, ">")
	switch {
	case isBool && !isOrder:
		add(w, Suspicion, at, shown(attribute)+" is a text; write "+strconv.Quote(strconv.FormatBool(on))+", in quotes")
	case isOrder && version.MatchString(text):
		add(w, Suspicion, at, "versions are compared as texts here, where \"10.0.0\" is less than \"2.0.0\"; write {\"sem_ver\": [{\"var\": "+shown(attribute)+"}, "+shown(name)+", "+shown(text)+"]}")
	case attribute == "path" && text != "" && text[0] != '/' && (name == "starts_with" || name == "==" || name == "==="):
		add(w, Suspicion, at, "a path begins with a slash; write "+shown("/"+text))
	}
}

// operatorOf is the name of the operation that a value is; empty where it is none.
func operatorOf(value any) string {
	object, _ := value.(map[string]any)
	if len(object) != 1 {
		return ""
	}
	for name := range object {
		return name
	}
	return ""
}

// operandOf is the only operand of an operation of that name; nil for any other value.
func operandOf(value any, operator string) any {
	object, isObject := value.(map[string]any)
	if !isObject || len(object) != 1 {
		return nil
	}
	list, isList := object[operator].([]any)
	if isList && len(list) == 1 {
		return list[0]
	}
	return object[operator]
}

// areConstant tells whether the first elements of a list are all constants.
func areConstant(list []any) bool {
	for i, element := range list {
		if i == fewElements {
			break
		}
		if !isConstant(element) {
			return false
		}
	}
	return true
}
