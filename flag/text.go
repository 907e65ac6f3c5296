package flag

import (
	"math"
	"strings"
)

// evalText is the operations on texts.
func evalText(r *run, n *node) any {
	switch n.op {
	case opCat:
		return cat(r, n)
	case opSubstr:
		return substr(listed(r, n))
	case opStartsWith, opAttributeStarts:
		return affixed(r, n, true)
	case opEndsWith, opAttributeEnds:
		return affixed(r, n, false)
	case opSemVer, opAttributeVersion:
		return semVer(listed(r, n))
	case opLower, opUpper:
		return cased(r, n)
	}
	return argument(r, n, 0) // "log" logs nothing here
}

// cat joins texts; what is null or undefined has none.
func cat(r *run, n *node) any {
	joint := ""
	for _, arg := range n.args {
		value := eval(r, arg)
		if !isNothing(value) {
			joint += text(value)
		}
		if len(joint) > MaxText {
			r.fault = faultText
			return nil
		}
	}
	return joint
}

// substr counts characters: from a start, or from the end where that is
// negative; so many, or all but so many where that is negative.
func substr(values []any) any {
	if len(values) == 0 {
		return ""
	}
	characters := []rune(text(values[0]))
	start := 0
	if len(values) > 1 {
		start = position(math.Trunc(number(values[1])), len(characters))
	}
	rest := characters[start:]
	if len(values) < 3 || isUndefined(values[2]) {
		return string(rest)
	}
	return string(rest[:position(number(values[2]), len(rest))])
}

// position is a place among so many, counted from the end where it is negative.
func position(at float64, count int) int {
	if at < 0 {
		at += float64(count)
	}
	if at > float64(count) {
		return count
	}
	if at > 0 {
		return int(at)
	}
	return 0
}

// affixed is "starts_with" and "ends_with": null unless both operands are texts.
func affixed(r *run, n *node, start bool) any {
	if len(n.args) != 2 {
		return nil
	}
	whole, isText := eval(r, n.args[0]).(string)
	part, partIsText := eval(r, n.args[1]).(string)
	if !isText || !partIsText {
		return nil
	}
	if start {
		return strings.HasPrefix(whole, part)
	}
	return strings.HasSuffix(whole, part)
}

// cased is "lower" and "upper", for the letters of ASCII; null unless the
// operand is a text.
func cased(r *run, n *node) any {
	word, isText := argument(r, n, 0).(string)
	if !isText || len(n.args) != 1 {
		return nil
	}
	letters := []byte(word)
	for i, c := range letters {
		if n.op == opLower && c >= 'A' && c <= 'Z' {
			letters[i] = c + 'a' - 'A'
		}
		if n.op == opUpper && c >= 'a' && c <= 'z' {
			letters[i] = c - 'a' + 'A'
		}
	}
	return string(letters)
}
