package flag

import "math"

// calculate is arithmetic. Sums and products read the number that a text begins
// with, the others take only texts that are numbers. A product of one is what it is.
func calculate(r *run, n *node) any {
	values := listed(r, n)
	switch n.op {
	case opAdd:
		return sum(values)
	case opMultiply:
		if len(values) == 1 {
			return values[0]
		}
		return product(values)
	case opMax, opMin:
		return extreme(values, n.op == opMax)
	}
	return arithmetic(n.op, values)
}

// Yaegi: a negation that is returned as an interface is nil, one that is
// returned as a number isn't.
func arithmetic(op int, values []any) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	a := number(values[0])
	if len(values) == 1 && op == opSubtract {
		return -a
	}
	if len(values) == 1 {
		return math.NaN()
	}
	b := number(values[1])
	switch op {
	case opSubtract:
		return a - b
	case opDivide:
		return a / b
	}
	return math.Mod(a, b)
}

func sum(values []any) float64 {
	total := 0.0
	for _, value := range values {
		total += leadingNumber(value)
	}
	return total
}

func product(values []any) float64 {
	total := 1.0
	for _, value := range values {
		total *= leadingNumber(value)
	}
	return total
}

func extreme(values []any, greatest bool) any {
	if len(values) == 0 {
		return nil
	}
	best := number(values[0])
	for _, value := range values {
		candidate := number(value)
		if candidate != candidate {
			return candidate
		}
		if candidate != best && candidate > best == greatest {
			best = candidate
		}
	}
	return best
}
