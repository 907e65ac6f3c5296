package flag

import "sync/atomic"

// All that an evaluation does beyond visiting each node once is paid for here,
// before it is done. An operation that can't pay gives nothing, and so does
// whatever comes after it.

// spend takes steps from what the evaluation may have, and tells whether it had them.
func spend(r *run, steps int) bool {
	r.left -= steps
	if r.left < 0 {
		exceed(r, faultSteps)
	}
	return r.fault == ""
}

// exceed ends an evaluation. The first limit that was exceeded is the one that is told.
func exceed(r *run, fault string) {
	if r.fault == "" {
		r.fault = fault
	}
}

// Exceeded tells whether an evaluation came to an end since it took too many steps, or
// too long a text. It depends on the attributes whether it does.
func Exceeded(ev *Evaluation) bool {
	return ev.ErrorCode == ErrorGeneral && (ev.ErrorMessage == faultSteps || ev.ErrorMessage == faultText)
}

// What is known of a flag's excess.
const (
	excessNone = iota + 1
	excessAlways
)

// ExceedsAlone tells whether the evaluation of a flag comes to such an end without any
// attributes. That is worked out once.
func ExceedsAlone(s *Set, key string, fallback any) bool {
	f := find(s, key)
	if f == nil || f.excess == nil {
		return false
	}
	if f.excess.Load() == 0 {
		noteExcess(f.excess, EvaluateMap(s, key, fallback, Map{}))
	}
	return f.excess.Load() == excessAlways
}

func noteExcess(excess *atomic.Int32, ev *Evaluation) {
	if Exceeded(ev) {
		excess.Store(excessAlways)
	} else {
		excess.Store(excessNone)
	}
}

// spendText pays for a text of so many bytes. A short one is part of its operation.
func spendText(r *run, size int) bool {
	if size < textOfStep {
		return r.fault == ""
	}
	return spend(r, size/textOfStep)
}

// spendHash pays for hashing a text of so many bytes.
func spendHash(r *run, size int) bool {
	if size < textOfStep {
		return r.fault == ""
	}
	if size > MaxHashed {
		exceed(r, faultSteps)
	}
	return spend(r, size/hashOfStep)
}

// weighed counts the values that a value consists of, as often as they are in
// it, and takes them from what is left. It ends where nothing is.
func weighed(value any, left int) int {
	left--
	list, isList := value.([]any)
	if isList {
		for _, element := range list {
			if left < 0 {
				return left
			}
			left = weighed(element, left)
		}
	}
	object, isObject := value.(map[string]any)
	if isObject {
		for name := range object {
			if left < 0 {
				return left
			}
			left = weighed(object[name], left)
		}
	}
	return left
}
