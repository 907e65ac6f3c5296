package flag

import (
	"math"
	"strconv"
	"strings"
)

type undefinedValue struct{ isUndefined bool }

// undefined is what an operand is worth that isn't there.
var undefined any = &undefinedValue{isUndefined: true}

func isUndefined(v any) bool {
	_, is := v.(*undefinedValue)
	return is
}

// truth is JsonLogic's: as JavaScript's, except for the empty list.
func truth(v any) bool {
	switch value := v.(type) {
	case bool:
		return value
	case string:
		return value != ""
	case float64:
		return value != 0 && value == value
	case []any:
		return len(value) > 0
	case map[string]any:
		return true
	}
	return false
}

// number is JavaScript's Number(v).
func number(r *run, v any) float64 {
	switch value := v.(type) {
	case nil:
		return 0
	case float64:
		return value
	case bool:
		if value {
			return 1
		}
		return 0
	case string:
		return numberOf(r, strings.TrimSpace(value))
	case []any:
		return numberOf(r, strings.TrimSpace(text(r, v)))
	}
	return math.NaN()
}

func numberOf(r *run, word string) float64 {
	if word == "" || !spendText(r, len(word)) {
		return 0
	}
	if len(word) > 2 && word[0] == '0' && strings.ContainsAny(word[1:2], "xXoObB") {
		whole, err := strconv.ParseUint(word, 0, 64)
		if err != nil || strings.Contains(word, "_") {
			return math.NaN()
		}
		return float64(whole)
	}
	if strings.Trim(word, "0123456789+-.eE") != "" {
		return infinity(word)
	}
	return parsed(word)
}

func infinity(word string) float64 {
	switch word {
	case "Infinity", "+Infinity":
		return math.Inf(1)
	case "-Infinity":
		return math.Inf(-1)
	}
	return math.NaN()
}

// parsed is a decimal number; infinite where it is out of range.
func parsed(word string) float64 {
	value, err := strconv.ParseFloat(word, 64)
	if err != nil && !math.IsInf(value, 0) {
		return math.NaN()
	}
	return value
}

// leadingNumber is JavaScript's parseFloat: the number that a text begins with.
func leadingNumber(r *run, v any) float64 {
	value, isNumber := v.(float64)
	if isNumber {
		return value
	}
	word := strings.TrimSpace(text(r, v))
	if !spendText(r, len(word)) {
		return 0
	}
	unsigned := strings.TrimLeft(word, "+-")
	if strings.HasPrefix(unsigned, "Infinity") {
		return infinity(word[:len(word)-len(unsigned)+len("Infinity")])
	}
	return parsed(word[:numberEnd(word)])
}

// numberEnd is where the decimal number ends that a text begins with.
func numberEnd(word string) int {
	i := 0
	if i < len(word) && (word[i] == '+' || word[i] == '-') {
		i++
	}
	i = digitsEnd(word, i)
	if i < len(word) && word[i] == '.' {
		i = digitsEnd(word, i+1)
	}
	if i < len(word) && (word[i] == 'e' || word[i] == 'E') {
		start := i + 1
		if start < len(word) && (word[start] == '+' || word[start] == '-') {
			start++
		}
		end := digitsEnd(word, start)
		if end > start {
			i = end
		}
	}
	return i
}

func digitsEnd(word string, i int) int {
	rest := word[i:]
	return i + len(rest) - len(strings.TrimLeft(rest, "0123456789"))
}

// text is JavaScript's String(v).
func text(r *run, v any) string {
	switch value := v.(type) {
	case nil:
		return "null"
	case string:
		return value
	case bool:
		return strconv.FormatBool(value)
	case float64:
		return numberText(value)
	case []any:
		return joined(r, value, 1)
	case map[string]any:
		return "[object Object]"
	}
	return "undefined"
}

// joined is a list's text: that of its elements with commas, nothing for null. A list that
// stands in another one twice is paid for twice.
func joined(r *run, list []any, depth int) string {
	steps := len(list)
	if depth > 1 {
		steps += stepsOfList
	}
	if !spend(r, steps) {
		return ""
	}
	parts := make([]string, 0, len(list))
	for _, element := range list {
		part := elementText(r, element, depth)
		if len(part) > textOfStep && !spendText(r, len(part)) {
			return ""
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ",")
}

func elementText(r *run, element any, depth int) string {
	inner, isList := element.([]any)
	if isList && depth >= MaxDepth || isNothing(element) {
		return ""
	}
	if isList {
		return joined(r, inner, depth+1)
	}
	return text(r, plain(r, element))
}

func numberText(f float64) string {
	size := math.Abs(f)
	switch {
	case f == 0:
		return "0"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case size >= 1e21 || size < 1e-6:
		return strings.Replace(strconv.FormatFloat(f, 'e', -1, 64), "e-0", "e-", 1)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// primitive is what JavaScript compares: the text of a list or an object.
func primitive(r *run, v any) any {
	if isObject(v) {
		return text(r, v)
	}
	return v
}
