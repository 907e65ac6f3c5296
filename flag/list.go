package flag

import (
	"bytes"
	"encoding/json"
	"sort"
)

// fewWords is how many texts a list of constants may have so that looking one up in
// a map of the interpreter's is worth building that.
const fewWords = 64

// choices are the constants of a list, in which a value is looked up rather than
// compared with each.
type choices struct {
	words   []string  // sorted
	numbers []float64 // sorted
	yes     bool      // true is among them
	no      bool      // false is
	null    bool
}

// compileList compiles a list. One without operations is a constant, and one
// operand, however long it is.
func compileList(c *compiler, list []any, depth int, scoped bool) (*node, error) {
	if len(list) > MaxEntries {
		return nil, errEntries
	}
	if isFlat(list) {
		return constantNode(list), nil
	}
	n := &node{op: opList}
	err := compileArgs(c, n, list, depth, scoped)
	if err != nil {
		return nil, err
	}
	values := make([]any, 0, len(n.args))
	for _, arg := range n.args {
		if arg.op != opConstant {
			return n, nil
		}
		values = append(values, arg.value)
	}
	return &node{op: opConstant, value: values, size: n.size}, nil
}

// isFlat tells whether there are neither lists nor objects in a list.
//
// Yaegi: a type switch finds neither of them in a list's elements.
func isFlat(list []any) bool {
	for _, item := range list {
		_, isList := item.([]any)
		_, isMap := item.(map[string]any)
		if isList || isMap {
			return false
		}
	}
	return true
}

// compileIn compiles "in". In a long list of texts or of numbers alone, no entry is
// looked at by interpreted code.
func compileIn(c *compiler, list []any, depth int, scoped bool) (*node, error) {
	n := &node{op: opIn, scoped: scoped}
	if len(list) == 2 {
		entries, isList := list[1].([]any)
		if isList && len(entries) > fewWords {
			n.choices = uniform(c, entries)
		}
	}
	if n.choices == nil {
		return n, compileArgs(c, n, list, depth, scoped)
	}
	c.nodes++
	n.op = opAmong
	err := compileArgs(c, n, list[:1], depth, scoped)
	n.size++
	return n, err
}

// uniform is the choice among texts alone, or among numbers alone; nil for other
// lists, and for more text than a document has, which nested lists would amount to.
func uniform(c *compiler, entries []any) *choices {
	if len(entries) > MaxEntries || isObject(entries[0]) || c.encoded > MaxDocument {
		return nil
	}
	encoded, err := json.Marshal(entries)
	c.encoded += len(encoded)
	if err != nil || bytes.Contains(encoded, []byte("null")) { // which passes for a text and for a number
		return nil
	}
	found := &choices{}
	_, isText := entries[0].(string)
	if isText {
		err = json.Unmarshal(encoded, &found.words)
		sort.Strings(found.words)
	} else {
		err = json.Unmarshal(encoded, &found.numbers)
		sort.Float64s(found.numbers)
	}
	if err != nil {
		return nil
	}
	return found
}

// choicesOf is the choice among a constant's entries. It is made once, also of a constant
// that many share.
func choicesOf(constant *node) *choices {
	list, isList := constant.value.([]any)
	if !isList {
		return nil
	}
	if constant.choices == nil {
		constant.choices = mixed(list)
	}
	return constant.choices
}

func mixed(list []any) *choices {
	found := &choices{}
	for _, item := range list {
		word, isText := item.(string)
		if isText {
			found.words = append(found.words, word)
			continue
		}
		number, isNumber := item.(float64)
		if isNumber {
			found.numbers = append(found.numbers, number)
			continue
		}
		found.yes = found.yes || item == true
		found.no = found.no || item == false
		found.null = found.null || item == nil
	}
	sort.Strings(found.words)
	sort.Float64s(found.numbers)
	return found
}

// isAmong looks a value up, by JavaScript's ===. Lists and objects are never the same.
func isAmong(c *choices, value any) bool {
	word, isText := value.(string)
	if isText {
		i := sort.SearchStrings(c.words, word)
		return i < len(c.words) && c.words[i] == word
	}
	number, isNumber := value.(float64)
	if isNumber {
		i := sort.SearchFloat64s(c.numbers, number)
		return i < len(c.numbers) && c.numbers[i] == number
	}
	on, isBool := value.(bool)
	if isBool {
		return on && c.yes || !on && c.no
	}
	return value == nil && c.null
}
