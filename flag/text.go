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
		return substr(r, listed(r, n))
	case opStartsWith, opAttributeStarts:
		return affixed(r, n, true)
	case opEndsWith, opAttributeEnds:
		return affixed(r, n, false)
	case opSemVer, opAttributeVersion:
		return semVer(r, listed(r, n))
	case opInNetwork:
		return inNetwork(n.networks, argument(r, n, 0))
	case opLower, opUpper:
		return cased(r, n)
	case opItems:
		return items(r, n)
	}
	return argument(r, n, 0) // "log" logs nothing here
}

// cat joins texts; what is null or undefined has none.
func cat(r *run, n *node) any {
	parts := make([]string, 0, len(n.args))
	size := 0
	for _, arg := range n.args {
		value := eval(r, arg)
		if isNothing(value) {
			continue
		}
		part := text(r, value)
		size += len(part)
		if size > MaxText {
			exceed(r, faultText)
			return nil
		}
		parts = append(parts, part)
	}
	if !spendText(r, size) {
		return nil
	}
	return strings.Join(parts, "")
}

// substr counts characters: from a start, or from the end where that is
// negative; so many, or all but so many where that is negative.
func substr(r *run, values []any) any {
	if len(values) == 0 {
		return ""
	}
	word := text(r, values[0])
	if !spendText(r, len(word)) {
		return nil
	}
	characters := []rune(word)
	start := 0
	if len(values) > 1 {
		start = position(math.Trunc(number(r, values[1])), len(characters))
	}
	rest := characters[start:]
	if len(values) < 3 || isUndefined(values[2]) {
		return string(rest)
	}
	return string(rest[:position(number(r, values[2]), len(rest))])
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
	if !spendText(r, len(word)) {
		return nil
	}
	if n.op == opLower {
		return lowerCase.Replace(word)
	}
	return upperCase.Replace(word)
}

// items is "split": a list of what stands between the separators of a text, which are commas unless
// a second operand says otherwise. White space around an item is no part of it, and an empty one is
// none. It is null where an operand is no text, or the separator is empty.
func items(r *run, n *node) any {
	word, isText := argument(r, n, 0).(string)
	separator := ","
	if len(n.args) > 1 {
		separator = textIn(eval(r, n.args[1]))
	}
	if !isText || separator == "" || len(n.args) > 2 {
		return nil
	}
	if !spendText(r, len(word)) || !spend(r, strings.Count(word, separator)+1) {
		return nil
	}
	found := []any{}
	for _, part := range strings.Split(word, separator) {
		item := strings.TrimSpace(part)
		if item != "" {
			found = append(found, item)
		}
	}
	return found
}

// Yaegi: one native call takes a byte a nanosecond, a loop over bytes 250 times as long.
var (
	lowerCase = strings.NewReplacer("A", "a", "B", "b", "C", "c", "D", "d", "E", "e", "F", "f", "G", "g", "H", "h", "I", "i", "J", "j",
		"K", "k", "L", "l", "M", "m", "N", "n", "O", "o", "P", "p", "Q", "q", "R", "r", "S", "s", "T", "t",
		"U", "u", "V", "v", "W", "w", "X", "x", "Y", "y", "Z", "z")
	upperCase = strings.NewReplacer("a", "A", "b", "B", "c", "C", "d", "D", "e", "E", "f", "F", "g", "G", "h", "H", "i", "I", "j", "J",
		"k", "K", "l", "L", "m", "M", "n", "N", "o", "O", "p", "P", "q", "Q", "r", "R", "s", "S", "t", "T",
		"u", "U", "v", "V", "w", "W", "x", "X", "y", "Y", "z", "Z")
)
