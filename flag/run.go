package flag

import "strings"

// run is one evaluation.
type run struct {
	key        string
	ctx        Context
	attributes map[string]any // in the place of ctx, where that is a Map
	flag       *definition
	salt       *salt // nil for the key
	element    any   // what a map, filter, reduce, all, none or some is at
	left       int   // steps
	all        any   // the object with all attributes, once it is asked for
	now        float64
	fault      string // the limit that was exceeded
}

// eval returns what a node is worth.
//
// Yaegi: each variable of a function costs every call of it, used or not, and a
// switch compares with one case after the other. So there are few of both here,
// and the rare operations are in another function.
func eval(r *run, n *node) any {
	switch n.op {
	case opConstant:
		return n.value
	case opAttribute:
		return attribute(r, n)
	case opIf:
		return choose(r, n)
	case opFractional:
		return fraction(r, n)
	case opNot, opTruth, opCompare, opIn, opAmong, opAttributeOver, opAttributeIs, opAttributeIsNot, opAttributeIn, opAttributeHas:
		return holds(r, n)
	}
	return evalRare(r, n)
}

// holds tells whether what a node is worth is true.
func holds(r *run, n *node) bool {
	if n.op < opAttributeIs {
		return holdsAny(r, n)
	}
	word, isText := r.attributes[n.name].(string)
	if !isText {
		return holdsSlowly(r, n)
	}
	switch n.op {
	case opAttributeIs:
		return word == n.word
	case opAttributeIn:
		return n.words[word]
	case opAttributeStarts:
		return strings.HasPrefix(word, n.word)
	case opAttributeEnds:
		return strings.HasSuffix(word, n.word)
	case opAttributeHas:
		return hasPart(r, word, n.word)
	case opAttributeIsNot:
		return word != n.word
	}
	return versionHolds(r, n, word)
}

// holdsSlowly is for attributes that are no text, and for contexts that aren't a Map.
func holdsSlowly(r *run, n *node) bool {
	switch n.op {
	case opAttributeIs, opAttributeIsNot:
		return related(r, n.code, eval(r, n.args[0]), eval(r, n.args[1]))
	case opAttributeIn:
		return isAmong(n.choices, eval(r, n.args[0]))
	case opAttributeHas:
		return contains(r, eval(r, n.args[1]), eval(r, n.args[0]))
	}
	return truth(evalRare(r, n))
}

func holdsAny(r *run, n *node) bool {
	switch n.op {
	case opAttributeOver:
		return holdsOver(r, n)
	case opAmong:
		return isAmong(n.choices, argument(r, n, 0))
	case opAnd:
		return allHold(r, n.args)
	case opOr:
		return anyHolds(r, n.args)
	}
	return holdsRarely(r, n)
}

func holdsRarely(r *run, n *node) bool {
	switch n.op {
	case opCompare:
		return compared(r, n)
	case opNot:
		return len(n.args) == 0 || !holds(r, n.args[0])
	case opTruth:
		return len(n.args) > 0 && holds(r, n.args[0])
	case opIn:
		return contains(r, argument(r, n, 1), argument(r, n, 0))
	}
	return truth(eval(r, n))
}

func allHold(r *run, conditions []*node) bool {
	for _, condition := range conditions {
		if !holds(r, condition) {
			return false
		}
	}
	return len(conditions) > 0
}

func anyHolds(r *run, conditions []*node) bool {
	for _, condition := range conditions {
		if holds(r, condition) {
			return true
		}
	}
	return false
}

// evalRare is the rest of eval.
func evalRare(r *run, n *node) any {
	switch n.op {
	case opAnd, opOr:
		return junction(r, n)
	case opElement:
		return elementValue(r, n)
	case opComputed:
		return computed(r, n)
	case opEverything:
		return everything(r)
	case opFlagKey:
		return r.key
	case opTimestamp:
		return timestamp(r)
	case opProperties:
		return flagdProperties(r)
	case opList:
		return withNulls(listed(r, n))
	case opMissing, opMissingSome:
		return missing(r, n)
	case opMap, opFilter, opReduce, opAll, opNone, opSome:
		return loop(r, n)
	case opMerge:
		return merge(r, n)
	case opSplit:
		return splitSlowly(r, listed(r, n))
	case opRollout:
		return rollout(r, listed(r, n))
	}
	if n.op >= opAdd && n.op <= opMin {
		return calculate(r, n)
	}
	return evalText(r, n)
}

// choose is "if", with any number of conditions.
func choose(r *run, n *node) any {
	last := len(n.args) - 1
	for i := 0; i < last; i += 2 {
		if holds(r, n.args[i]) {
			return eval(r, n.args[i+1])
		}
	}
	if last%2 == 0 {
		return eval(r, n.args[last])
	}
	return nil
}

// junction is "and", which is worth the first operand that isn't true, and
// "or", which is worth the first that is; or the last.
func junction(r *run, n *node) any {
	value := undefined
	for _, arg := range n.args {
		value = eval(r, arg)
		if truth(value) == (n.op == opOr) {
			return value
		}
	}
	return value
}

// argument is what an operand is worth, undefined where there is none.
func argument(r *run, n *node, i int) any {
	if i >= len(n.args) {
		return undefined
	}
	return eval(r, n.args[i])
}

func listed(r *run, n *node) []any {
	values := make([]any, 0, len(n.args))
	for _, arg := range n.args {
		values = append(values, eval(r, arg))
	}
	return values
}

// withNulls has null where a list's element is undefined.
func withNulls(list []any) []any {
	for i, element := range list {
		if isUndefined(element) {
			list[i] = nil
		}
	}
	return list
}
