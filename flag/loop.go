package flag

// loop is an operation on the elements of a list. What is no list has none.
func loop(r *run, n *node) any {
	list, isList := eval(r, n.args[0]).([]any)
	if !isList {
		list = nil
	}
	outer := r.element
	result := looped(r, n, list)
	r.element = outer
	return result
}

func looped(r *run, n *node, list []any) any {
	body := n.args[1]
	switch n.op {
	case opMap:
		return mapped(r, body, list)
	case opFilter:
		return filtered(r, body, list)
	case opReduce:
		return reduced(r, n, list)
	}
	return quantified(r, n.op, body, list)
}

func quantified(r *run, op int, body *node, list []any) bool {
	switch op {
	case opAll:
		return len(list) > 0 && first(r, body, list, false) < 0
	case opNone:
		return first(r, body, list, true) < 0
	}
	return first(r, body, list, true) >= 0
}

func mapped(r *run, body *node, list []any) any {
	results := []any{}
	for _, element := range list {
		if !spend(r, body.size) {
			return nil
		}
		r.element = plain(r, element)
		results = append(results, eval(r, body))
	}
	return withNulls(results)
}

func filtered(r *run, body *node, list []any) any {
	results := []any{}
	for _, element := range list {
		if !spend(r, body.size) {
			return nil
		}
		r.element = plain(r, element)
		if holds(r, body) {
			results = append(results, element)
		}
	}
	return results
}

func reduced(r *run, n *node, list []any) any {
	var accumulator any
	if len(n.args) > 2 {
		accumulator = eval(r, n.args[2])
	}
	for _, element := range list {
		if !spend(r, n.args[1].size) {
			return nil
		}
		r.element = map[string]any{"current": element, "accumulator": accumulator}
		accumulator = eval(r, n.args[1])
	}
	return accumulator
}

// first is the place of the first element for which the body is or isn't true,
// -1 where there is none.
func first(r *run, body *node, list []any, want bool) int {
	for i, element := range list {
		if !spend(r, body.size) {
			return -1
		}
		r.element = plain(r, element)
		if holds(r, body) == want {
			return i
		}
	}
	return -1
}

func merge(r *run, n *node) any {
	merged := []any{}
	for _, arg := range n.args {
		value := eval(r, arg)
		list, isList := value.([]any)
		if !isList {
			merged = append(merged, value)
			continue
		}
		if !spend(r, len(list)) {
			return nil
		}
		merged = append(merged, list...)
	}
	return merged
}
