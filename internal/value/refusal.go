package value

import "strings"

// RefusalText says why a version can't be used in a format.
func RefusalText(format, key string, why error) string {
	if key != "" {
		format += " " + key
	}
	return refusedAs + format + ": " + clause(why.Error())
}

const refusedAs = "refused as "

// clause is a reason as a sentence has it behind a colon: about the value, or about a member
// of it, whose name the reason begins with.
func clause(reason string) string {
	if strings.HasPrefix(reason, `"`) {
		return "its " + reason
	}
	return "it " + reason
}

// WithoutReason is a problem without the reason of a refusal, which quotes the value.
func WithoutReason(problem string) string {
	if !strings.HasPrefix(problem, refusedAs) {
		return problem
	}
	refused, _, _ := strings.Cut(problem, ": ")
	return refused
}
