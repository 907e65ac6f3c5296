package flag

import "math"

// maxWeight is the greatest sum of weights that flagd allows.
const maxWeight = math.MaxInt32

// compileFractional compiles a split whose weights stand in the rule; one whose
// weights are computed is left to splitSlowly. What flagd can't make sense of is null.
func compileFractional(c *compiler, list []any, depth int, scoped bool) (*node, error) {
	n := &node{op: opSplit}
	noteBucketing(c, list)
	err := compileArgs(c, n, list, depth, scoped)
	if err != nil || len(n.args) == 0 || len(n.args) == 1 && !isEntry(n.args[0]) {
		return n, err
	}
	entries := n.args
	bucketing := constantNode(nil)
	if !isEntry(entries[0]) {
		bucketing = entries[0]
		entries = entries[1:]
	}
	split := &node{op: opFractional, args: []*node{bucketing}, size: n.size}
	for _, entry := range entries {
		if !addEntry(split, entry) {
			return n, nil
		}
	}
	if split.total == 0 || split.total > maxWeight {
		return constantNode(nil), nil
	}
	split.keyed = bucketing.op == opConstant && bucketing.value == nil
	return split, nil
}

// noteBucketing notes that a split goes by the targeting key, unless it has a
// text of its own to go by.
func noteBucketing(c *compiler, list []any) {
	if len(list) > 0 && textIn(list[0]) == "" {
		noteAttribute(c, targetingKey, false)
	}
}

// isEntry tells whether a node is a variant with its weight, rather than what
// the split goes by.
func isEntry(n *node) bool {
	if n.op == opList {
		return true
	}
	_, isList := n.value.([]any)
	return n.op == opConstant && isList
}

// addEntry adds a variant and the end of its weight to a split. It is false
// where either is to be computed, or isn't what flagd takes.
func addEntry(split, entry *node) bool {
	variant, weight, simple := parts(entry)
	if !simple || weight > maxWeight {
		return false
	}
	split.total += weight
	split.args = append(split.args, variant)
	split.ends = append(split.ends, split.total)
	return true
}

func parts(entry *node) (*node, uint64, bool) {
	if entry.op == opConstant {
		list, isList := entry.value.([]any)
		if !isList || len(list) == 0 || isObject(list[0]) {
			return nil, 0, false
		}
		weight, valid := weightOf(list)
		return constantNode(list[0]), weight, valid
	}
	if entry.op != opList || len(entry.args) == 0 || len(entry.args) > 1 && entry.args[1].op != opConstant {
		return nil, 0, false
	}
	values := []any{nil}
	for _, arg := range entry.args[1:] {
		values = append(values, arg.value)
	}
	weight, valid := weightOf(values)
	return entry.args[0], weight, valid
}

// weightOf is an entry's weight: 1 where there is none, and 0 where it is negative.
func weightOf(entry []any) (uint64, bool) {
	if len(entry) < 2 || entry[1] == nil {
		return 1, true
	}
	weight, isNumber := entry[1].(float64)
	if !isNumber || weight != math.Trunc(weight) || weight > maxWeight {
		return 0, false
	}
	if weight < 0 {
		return 0, true
	}
	return uint64(weight), true
}

// fraction is "fractional": the variant in whose part of all weights the hash
// falls.
func fraction(r *run, n *node) any {
	var hash uint32
	var hashed bool
	if n.keyed {
		hash, hashed = targetingHash(r)
	} else {
		hash, hashed = bucketingHash(r, n.args[0])
	}
	if !hashed {
		return nil
	}
	bucket := uint64(hash) * n.total >> 32
	for i, end := range n.ends {
		if bucket < end {
			return scalar(eval(r, n.args[i+1]))
		}
	}
	return nil
}

// bucketingHash is the hash of what a split goes by: its own text, or the
// targeting key where it has none.
func bucketingHash(r *run, bucketing *node) (uint32, bool) {
	by := eval(r, bucketing)
	word, isText := by.(string)
	if isText && !spendHash(r, len(word)) {
		return 0, false
	}
	if isText {
		return murmur(word), true
	}
	if by != nil {
		return 0, false
	}
	return targetingHash(r)
}

// targetingHash is that of the salt, or else the flag's key, with the targeting key behind
// it. An empty targeting key is none.
func targetingHash(r *run) (uint32, bool) {
	key, isText := r.attributes[targetingKey].(string)
	if !isText {
		key, isText = lookupText(r, targetingKey)
	}
	if !isText || key == "" {
		return 0, false
	}
	if len(key) > textOfStep && !spendHash(r, len(key)) {
		return 0, false
	}
	if r.salt != nil {
		return murmurFrom(r.salt.hash, r.salt.hashed, r.salt.text[r.salt.hashed:]+key), true
	}
	if r.key == r.flag.key {
		return murmurFrom(r.flag.hash, r.flag.hashed, r.key[r.flag.hashed:]+key), true
	}
	return murmur(r.key + key), true
}

func lookupText(r *run, name string) (string, bool) {
	value, found := lookup(r, name, nil)
	if !found {
		return "", false
	}
	word, isText := value.(string)
	if !isText {
		return "", false
	}
	return word, true
}

// scalar is what a variant may be; anything else is null.
func scalar(v any) any {
	_, isText := v.(string)
	if isText {
		return v
	}
	if isObject(v) || isUndefined(v) {
		return nil
	}
	return v
}

// splitSlowly is a split that is computed as a whole.
func splitSlowly(r *run, values []any) any {
	if len(values) == 0 {
		return nil
	}
	by := constantNode(nil)
	if !isEntry(constantNode(values[0])) {
		by = constantNode(values[0])
		values = values[1:]
	}
	split := &node{op: opFractional, args: []*node{by}}
	for _, value := range values {
		if !addEntry(split, constantNode(value)) {
			return nil
		}
	}
	if split.total == 0 || split.total > maxWeight {
		return nil
	}
	return fraction(r, split)
}

// rollout is a way of ours from one variant to another between two times:
// [bucketing,] start, end, [from,] to. It hashes as a fractional does.
func rollout(r *run, values []any) any {
	by := constantNode(nil)
	if len(values) > 0 && kindOf(values[0]) != kindNumber {
		by = constantNode(values[0])
		values = values[1:]
	}
	if len(values) < 3 || kindOf(values[0]) != kindNumber || kindOf(values[1]) != kindNumber {
		return nil
	}
	start := math.Trunc(number(r, values[0]))
	whole := math.Trunc(number(r, values[1])) - start
	hash, hashed := bucketingHash(r, by)
	if !hashed || whole <= 0 || whole > maxWeight {
		return nil
	}
	var from any
	to := values[2]
	if len(values) > 3 {
		from = values[2]
		to = values[3]
	}
	if float64(uint64(hash)*uint64(whole)>>32) < timestamp(r)-start {
		return scalar(to)
	}
	return scalar(from)
}
