package lint

import (
	"strconv"
	"time"
)

// checkTimes finds texts that are compared with the time of the evaluation, and are no time.
func checkTimes(w *walker, operands []any, at *spot) {
	if len(operands) < 2 || len(operands) > 3 || !isTimestamp(operands[0]) && !isTimestamp(operands[1]) && !isTimestamp(operands[len(operands)-1]) {
		return
	}
	for i, operand := range operands {
		word, isText := operand.(string)
		if isText && !isTime(word) {
			add(w, Mistake, &spot{up: at, index: i}, shown(word)+` is no time; write it as "2026-12-01T09:00:00Z"`)
		}
	}
}

func isTime(word string) bool {
	_, err := time.Parse(time.RFC3339, word)
	if err == nil {
		return true
	}
	_, err = strconv.ParseFloat(word, 64)
	return err == nil
}

// isTimestamp tells whether an operand is the time of the evaluation.
func isTimestamp(operand any) bool {
	object, isObject := operand.(map[string]any)
	if !isObject || len(object) != 1 {
		return false
	}
	name := object["var"]
	list, isList := name.([]any)
	if isList && len(list) > 0 {
		name = list[0]
	}
	return textIn(name) == "$flagd.timestamp"
}
