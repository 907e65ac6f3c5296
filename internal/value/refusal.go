package value

import "strings"

// RefusalText says why a version can't be used in a format.
func RefusalText(format, key string, why error) string {
	if key != "" {
		format += " " + key
	}
	return "refused as " + format + refusedSince + why.Error()
}

const refusedSince = ": it "

// WithoutReason is a problem without the reason of a refusal, which quotes the value.
func WithoutReason(problem string) string {
	refused, _, _ := strings.Cut(problem, refusedSince)
	return refused
}
