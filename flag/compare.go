package flag

import "strings"

// compared compares two operands, or whether three are in order.
func compared(r *run, n *node) bool {
	a := argument(r, n, 0)
	b := argument(r, n, 1)
	if len(n.args) < 3 || n.code < codeLess {
		return related(r, n.code, a, b)
	}
	return related(r, n.code, a, b) && related(r, n.code, b, eval(r, n.args[2]))
}

// holdsOver compares an attribute with a constant number.
func holdsOver(r *run, n *node) bool {
	value, isNumber := r.attributes[n.name].(float64)
	if isNumber {
		return ordered(n.code, value, n.number)
	}
	if n.args[0].op == opAttribute {
		return related(r, n.code, eval(r, n.args[0]), n.number)
	}
	return related(r, n.code, eval(r, n.args[1]), n.number)
}

func related(r *run, code int, a, b any) bool {
	switch code {
	case codeEqual:
		return equal(r, a, b)
	case codeSame:
		return same(a, b)
	case codeUnequal:
		return !equal(r, a, b)
	case codeUnsame:
		return !same(a, b)
	}
	a = primitive(r, a)
	b = primitive(r, b)
	word, isText := a.(string)
	other, otherIsText := b.(string)
	if isText && otherIsText && spendText(r, len(word)) {
		return ordered(code, float64(strings.Compare(word, other)), 0)
	}
	return ordered(code, number(r, a), number(r, b))
}

func ordered(code int, a, b float64) bool {
	switch code {
	case codeLess:
		return a < b
	case codeLessOrEqual:
		return a <= b
	case codeGreater:
		return a > b
	case codeGreaterOrEqual:
		return a >= b
	case codeUnequal, codeUnsame:
		return a != b
	}
	return a == b
}

// same is JavaScript's ===. Lists and objects are never the same.
func same(a, b any) bool {
	switch v := a.(type) {
	case string:
		other, isText := b.(string)
		return isText && v == other
	case float64:
		other, isNumber := b.(float64)
		return isNumber && v == other
	case bool:
		other, isBool := b.(bool)
		return isBool && v == other
	}
	if isObject(a) || isObject(b) {
		return false
	}
	return a == nil && b == nil || isUndefined(a) && isUndefined(b)
}

// equal is JavaScript's ==.
func equal(r *run, a, b any) bool {
	word, isText := a.(string)
	other, otherIsText := b.(string)
	if isText && otherIsText {
		return len(word) == len(other) && spendText(r, len(word)) && word == other
	}
	if isNothing(a) || isNothing(b) {
		return isNothing(a) && isNothing(b)
	}
	if !isObject(a) && !isObject(b) {
		return number(r, a) == number(r, b)
	}
	if isObject(a) && isObject(b) {
		return false
	}
	return equal(r, primitive(r, a), primitive(r, b))
}

func isNothing(v any) bool {
	return v == nil || isUndefined(v)
}

func isObject(v any) bool {
	_, isList := v.([]any)
	_, isMap := v.(map[string]any)
	return isList || isMap
}

// contains is "in": a part of a text, or an element of a list.
func contains(r *run, where, what any) bool {
	whole, isText := where.(string)
	if isText {
		return whole != "" && hasPart(r, whole, text(r, what))
	}
	list, isList := where.([]any)
	if !isList || !spend(r, len(list)) {
		return false
	}
	for _, element := range list {
		if same(plain(r, element), what) {
			return true
		}
	}
	return false
}

func hasPart(r *run, whole, part string) bool {
	if len(whole) >= textOfStep && !spendText(r, len(whole)) {
		return false
	}
	return strings.Contains(whole, part)
}
