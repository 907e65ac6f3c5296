package flag

// fused makes one node of an operation that compares an attribute with a
// constant: it is what most rules consist of, and every node costs a call.
func fused(n *node) *node {
	if len(n.args) == 1 && (n.op == opNot || n.op == opTruth) {
		return n
	}
	if n.op == opSemVer {
		return fusedVersion(n)
	}
	if n.op == opIn || n.op == opAmong {
		n = fusedAmong(n)
	}
	if n.op == opCompare {
		withInstants(n)
	}
	if len(n.args) != 2 {
		return n
	}
	switch n.op {
	case opCompare:
		return fusedComparison(n)
	case opIn:
		return fusedIn(n)
	case opStartsWith:
		return fusedText(n, opAttributeStarts)
	case opEndsWith:
		return fusedText(n, opAttributeEnds)
	}
	return n
}

// operands returns the attribute and the constant among two operands, and
// whether the attribute comes first.
func operands(n *node) (*node, *node, bool) {
	if n.args[0].op == opAttribute && n.args[1].op == opConstant {
		return n.args[0], n.args[1], true
	}
	if n.args[1].op == opAttribute && n.args[0].op == opConstant {
		return n.args[1], n.args[0], false
	}
	return nil, nil, false
}

func fusedComparison(n *node) *node {
	attribute, constant, first := operands(n)
	if attribute == nil {
		return n
	}
	word, isText := constant.value.(string)
	if isText && n.code <= codeUnsame {
		n.op = opAttributeIs
		if n.code == codeUnequal || n.code == codeUnsame {
			n.op = opAttributeIsNot
		}
		n.name = attribute.name
		n.word = word
		return n
	}
	number, isNumber := constant.value.(float64)
	if isNumber {
		n.op = opAttributeOver
		n.name = attribute.name
		n.number = number
		n.code = turned(n.code, first)
	}
	return n
}

// turned is the comparison with its sides changed.
func turned(code int, first bool) int {
	if first {
		return code
	}
	switch code {
	case codeLess:
		return codeGreater
	case codeLessOrEqual:
		return codeGreaterOrEqual
	case codeGreater:
		return codeLess
	case codeGreaterOrEqual:
		return codeLessOrEqual
	}
	return code
}

func fusedIn(n *node) *node {
	attribute, constant, first := operands(n)
	if attribute == nil {
		return n
	}
	word, isText := constant.value.(string)
	if isText && word != "" && !first {
		n.op = opAttributeHas
		n.name = attribute.name
		n.word = word
		return n
	}
	return n
}

// fusedAmong looks a constant list's entries up; where they are few, the texts
// in a map.
func fusedAmong(n *node) *node {
	if n.op == opIn && len(n.args) == 2 && n.args[1].op == opConstant {
		n.choices = choicesOf(n.args[1])
	}
	if n.choices == nil {
		return n
	}
	n.op = opAmong
	n.args = n.args[:1]
	if n.args[0].op != opAttribute || len(n.choices.words) > fewWords {
		return n
	}
	n.op = opAttributeIn
	n.name = n.args[0].name
	n.words = map[string]bool{}
	for _, word := range n.choices.words {
		n.words[word] = true
	}
	return n
}

func fusedText(n *node, op int) *node {
	attribute, constant, first := operands(n)
	if attribute == nil || !first {
		return n
	}
	word, isText := constant.value.(string)
	if isText {
		n.op = op
		n.name = attribute.name
		n.word = word
	}
	return n
}

func fusedVersion(n *node) *node {
	if len(n.args) != 3 || n.args[0].op != opAttribute || n.args[1].op != opConstant || n.args[2].op != opConstant {
		return n
	}
	code, known := versionComparisons[textIn(n.args[1].value)]
	target := parseVersion(n.args[2].value)
	if known && target != nil {
		n.op = opAttributeVersion
		n.name = n.args[0].name
		n.code = code
		n.target = target
	}
	return n
}
