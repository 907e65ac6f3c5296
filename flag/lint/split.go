package lint

import (
	"math"
	"strconv"
	"strings"
)

// maxWeight is the greatest sum of weights that flagd allows.
const maxWeight = math.MaxInt32

// entriesOf are the entries of a split, and the place of the first among its operands.
func entriesOf(operands []any) ([]any, int) {
	if len(operands) == 0 {
		return nil, 0
	}
	_, isList := operands[0].([]any)
	if isList {
		return operands, 0
	}
	return operands[1:], 1
}

// checkSplit checks what a fractional goes by, and its weights.
func checkSplit(w *walker, operands []any, at *spot) {
	entries, first := entriesOf(operands)
	if first == 1 && operands[0] != nil && isConstant(operands[0]) {
		add(w, Mistake, &spot{up: at, index: 0}, shown(operands[0])+` is the same for everybody, who all get the same variant; split by an attribute, as {"var": "cookies.uid"}, or by the targeting key, without this operand`)
	}
	if first == 1 && len(entries) == 0 {
		_, isRule := operands[0].(map[string]any)
		if !isRule {
			add(w, Mistake, at, `"fractional" has no entries; give it some, as ["on", 10], ["off", 90]`)
		}
		return
	}
	sum, isSum := 0.0, true
	for i, entry := range entries {
		if isFull(w) {
			return
		}
		weight, isConstantWeight := checkEntry(w, entry, entries, &spot{up: at, index: first + i})
		sum += weight
		isSum = isSum && isConstantWeight
	}
	if isSum && len(entries) > 0 && (sum == 0 || sum > maxWeight) {
		add(w, Mistake, at, "the weights add up to "+number(sum)+", so that nothing is chosen; their sum may be from 1 to "+strconv.Itoa(maxWeight))
	}
	if first == 0 {
		noteName(w, targetingKey, at)
	}
}

// checkEntry checks an entry of a split. Its weight is only known where it is a valid constant.
func checkEntry(w *walker, entry any, entries []any, at *spot) (float64, bool) {
	list, isList := entry.([]any)
	if !isList && !isConstant(entry) {
		return 0, false
	}
	if !isList || len(list) == 0 {
		add(w, Mistake, at, shown(entry)+` is no entry of a split; it is a list with a variant and its weight, as ["on", 10]`)
		return 0, false
	}
	if len(list) > 2 {
		add(w, Suspicion, at, "an entry has a variant and its weight; what stands behind them is ignored")
	}
	if len(list) == 1 || list[1] == nil {
		return 1, true
	}
	_, isOperation := list[1].(map[string]any)
	if isOperation {
		return 0, false
	}
	weight, isNumber := list[1].(float64)
	fault := ""
	switch {
	case !isNumber:
		fault = "is no number, so that nothing is chosen; " + asNumber(list[1])
	case weight < 0:
		fault = "is negative, and counts as 0; write 0"
	case weight != math.Trunc(weight):
		fault = "is no whole number, so that nothing is chosen; " + asWhole(entries)
	default:
		return weight, true
	}
	add(w, Mistake, &spot{up: at, index: 1}, "the weight "+shown(list[1])+" "+fault)
	return 0, false
}

// asNumber says how to write a weight that is no number.
func asNumber(weight any) string {
	word, isText := weight.(string)
	_, err := strconv.Atoi(word)
	if isText && err == nil {
		return "write " + word + ", without quotes"
	}
	return "write a whole number"
}

// asWhole says which whole numbers have the same relation as the weights of a split.
func asWhole(entries []any) string {
	for scale := 10.0; scale <= 10000; scale *= 10 {
		var words []string
		for _, entry := range entries {
			weight, isWhole := scaledWeight(entry, scale)
			if !isWhole || len(words) == fewWeights {
				words = nil
				break
			}
			words = append(words, number(weight))
		}
		if len(words) > 0 {
			return "write the weights as " + strings.Join(words, ", ")
		}
	}
	return "write all weights as whole numbers, whatever their sum"
}

// fewWeights are so many that a message has room for them.
const fewWeights = 10

func scaledWeight(entry any, scale float64) (float64, bool) {
	list, isList := entry.([]any)
	if !isList || len(list) < 2 {
		return 0, false
	}
	weight, isNumber := list[1].(float64)
	scaled := math.Round(weight * scale)
	return scaled, isNumber && math.Abs(scaled-weight*scale) < 1e-6
}

func number(value float64) string { return strconv.FormatFloat(value, 'f', -1, 64) }

// walkSplit looks at what stands in a split's operands.
func walkSplit(w *walker, operands []any, at *spot, scoped bool) {
	_, first := entriesOf(operands)
	for i, operand := range operands {
		if i > w.known.MostNodes {
			return
		}
		below := &spot{up: at, index: i}
		entry, isList := operand.([]any)
		if !isList || i < first {
			walk(w, operand, below, scoped, false)
			continue
		}
		for j, part := range entry {
			if j < 2 && !isConstant(part) {
				walk(w, part, &spot{up: below, index: j}, scoped, false)
			}
		}
	}
}

// checkRollout checks [bucketing,] start, end, [from,] to.
func checkRollout(w *walker, operands []any, at *spot) {
	if len(operands) < 3 || len(operands) > 5 {
		return
	}
	start := 0
	_, isBucketed := operands[0].(map[string]any)
	if isBucketed {
		start = 1
	}
	rest := len(operands) - start
	if rest < 3 || rest > 4 {
		add(w, Mistake, at, `"rollout" takes a start, an end, and one or two variants, behind what it goes by`)
		return
	}
	for i := start; i < start+2; i++ {
		_, isNumber := operands[i].(float64)
		if !isNumber && isConstant(operands[i]) {
			add(w, Mistake, &spot{up: at, index: i}, shown(operands[i])+" is no time; write it in seconds of Unix time, as 1767225600")
		}
	}
	from, hasFrom := operands[start].(float64)
	to, hasTo := operands[start+1].(float64)
	if hasFrom && hasTo && to <= from {
		add(w, Mistake, at, "the end isn't later than the start, so that nothing is chosen")
	}
}
