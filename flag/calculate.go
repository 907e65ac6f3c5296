package flag

import "math"

// calculate is arithmetic. Sums and products read the number that a text begins
// with, the others take only texts that are numbers. A product of one is what it is.
func calculate(r *run, n *node) any {
	values := listed(r, n)
	switch n.op {
	case opAdd:
		return sum(r, values)
	case opMultiply:
		if len(values) == 1 {
			return values[0]
		}
		return product(r, values)
	case opMax, opMin:
		return extreme(r, values, n.op == opMax)
	}
	return arithmetic(r, n.op, values)
}

// Yaegi: a negation that is returned as an interface is nil, one that is
// returned as a number isn't.
func arithmetic(r *run, op int, values []any) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	a := number(r, values[0])
	if len(values) == 1 && op == opSubtract {
		return -a
	}
	if len(values) == 1 {
		return math.NaN()
	}
	b := number(r, values[1])
	switch op {
	case opSubtract:
		return a - b
	case opDivide:
		return a / b
	}
	return math.Mod(a, b)
}

func sum(r *run, values []any) float64 {
	total := 0.0
	for _, value := range values {
		total += leadingNumber(r, value)
	}
	return total
}

func product(r *run, values []any) float64 {
	total := 1.0
	for _, value := range values {
		total *= leadingNumber(r, value)
	}
	return total
}

func extreme(r *run, values []any, greatest bool) any {
	if len(values) == 0 {
		return nil
	}
	best := number(r, values[0])
	for _, value := range values {
		candidate := number(r, value)
		if candidate != candidate {
			return candidate
		}
		if candidate != best && candidate > best == greatest {
			best = candidate
		}
	}
	return best
}
