package flag

import "math"

// calculate is arithmetic. Sums and products read the number that a text begins
// with, the others take nothing but whole numbers' texts.
func calculate(r *run, n *node) any {
	values := listed(r, n)
	switch n.op {
	case opAdd:
		return sum(values)
	case opMultiply:
		return product(values)
	case opMax, opMin:
		return extreme(values, n.op == opMax)
	}
	if len(values) == 0 {
		return math.NaN()
	}
	a := number(values[0])
	if len(values) == 1 {
		if n.op == opSubtract {
			return -a
		}
		return math.NaN()
	}
	b := number(values[1])
	switch n.op {
	case opSubtract:
		return a - b
	case opDivide:
		return a / b
	}
	return math.Mod(a, b)
}

func sum(values []any) any {
	total := 0.0
	for _, value := range values {
		total += leadingNumber(value)
	}
	return total
}

func product(values []any) any {
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
