package lint

import "strconv"

// findOutcomes finds what a rule may be worth.
func findOutcomes(w *walker, value any, at *spot) {
	if isFull(w) {
		w.rule.Open = true
		return
	}
	list, isList := value.([]any)
	object, isObject := value.(map[string]any)
	switch {
	case value == nil || isObject && len(object) == 0 && at.up == nil:
		w.rule.Partial = true
	case isList && len(list) > 0:
		w.rule.Open = true
	case isObject && len(object) == 1:
		w.depth++
		for name, operand := range object {
			findOutcomesOf(w, name, operand, at)
		}
		w.depth--
	default:
		addOutcome(w, value, at, false)
	}
}

func addOutcome(w *walker, value any, at *spot, holds bool) {
	if !isConstant(value) {
		value = shown(value) // so that nothing large is held on to
	}
	w.rule.Outcomes = append(w.rule.Outcomes, &Outcome{Value: value, Place: placeOf(at), Holds: holds})
}

func findOutcomesOf(w *walker, name string, operand any, at *spot) {
	operands, isList := operand.([]any)
	if !isList {
		operands = []any{operand}
	}
	here := &spot{up: at, name: name}
	switch name {
	case "if", "?:":
		findBranches(w, operands, here)
	case "fractional":
		findEntries(w, operands, here)
	case "rollout":
		w.rule.Open = true
	case "$ref":
		word, isText := operand.(string)
		w.rule.Open = w.rule.Open || !isText
		w.rule.Refers = append(w.rule.Refers, word)
	default:
		if !isCondition(w, name, operands) {
			w.rule.Open = true
			return
		}
		addOutcome(w, true, at, true)
		addOutcome(w, false, at, true)
		w.rule.Partial = w.rule.Partial || shapes[name] != nil && shapes[name].strict
	}
}

// isCondition tells whether an operation is worth true or false.
func isCondition(w *walker, name string, operands []any) bool {
	s := shapes[name]
	if s != nil && s.holds {
		return true
	}
	if name != "and" && name != "or" || len(operands) == 0 {
		return false
	}
	w.depth++
	holds := true
	for _, operand := range operands {
		holds = holds && !isFull(w) && isConditionIn(w, operand)
	}
	w.depth--
	return holds
}

func isConditionIn(w *walker, operand any) bool {
	object, isObject := operand.(map[string]any)
	if !isObject || len(object) != 1 {
		return false
	}
	for inner, below := range object {
		list, isList := below.([]any)
		if !isList {
			list = []any{below}
		}
		return isCondition(w, inner, list)
	}
	return false
}

// findBranches finds the outcomes of conditions and values in turn.
func findBranches(w *walker, operands []any, at *spot) {
	last := len(operands) - 1
	for i := 0; i < last; i += 2 {
		condition := operands[i]
		if !isConstant(condition) {
			findOutcomes(w, operands[i+1], &spot{up: at, index: i + 1})
			continue
		}
		if !isTrue(condition) {
			add(w, Suspicion, &spot{up: at, index: i + 1}, "is never reached, since the condition before it, "+shown(condition)+", is never true; leave both out")
			continue
		}
		findOutcomes(w, operands[i+1], &spot{up: at, index: i + 1})
		if i+2 <= last {
			add(w, Suspicion, &spot{up: at, index: i + 2}, "is never reached, since the condition at ["+strconv.Itoa(i)+"], "+shown(condition)+", is always true; write an operation there")
		}
		return
	}
	if last < 0 || last%2 != 0 {
		w.rule.Partial = true
		return
	}
	findOutcomes(w, operands[last], &spot{up: at, index: last})
}

// isTrue is whether a constant counts as true.
func isTrue(value any) bool {
	on, isBool := value.(bool)
	if isBool {
		return on
	}
	number, isNumber := value.(float64)
	if isNumber {
		return number != 0
	}
	return value != nil && value != ""
}

func findEntries(w *walker, operands []any, at *spot) {
	entries, first := entriesOf(operands)
	for i, entry := range entries {
		list, isList := entry.([]any)
		if !isList || len(list) == 0 {
			w.rule.Open = true
			continue
		}
		findOutcomes(w, list[0], &spot{up: &spot{up: at, index: first + i}, index: 0})
	}
}
