package flag

import (
	"regexp"
	"strconv"
	"strings"
)

// version is a semantic version: without its build, which compares as nothing.
type version struct {
	major, minor, patch string
	pre                 string
}

// Yaegi: one native call that takes a version apart costs less than a few
// interpreted lines.
var versionForm = regexp.MustCompile(`^[vV]?(0|[1-9]\d*)(?:\.(0|[1-9]\d*)(?:\.(0|[1-9]\d*)` +
	`(?:-((?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*))?` +
	`(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)?)?$`)

// parseVersion reads a semantic version, with or without a v in front, and with
// zeros for the numbers that are left out. A number is one, too: 1.2 is 1.2.0. It is nil for
// anything else, and for what is longer than any version.
func parseVersion(value any) *version {
	word, isText := value.(string)
	number, isNumber := value.(float64)
	if isNumber {
		word = strconv.FormatFloat(number, 'f', -1, 64)
	}
	if !isText && !isNumber || len(word) > maxVersion {
		return nil
	}
	parts := versionForm.FindStringSubmatch(word)
	if parts == nil {
		return nil
	}
	for i, part := range parts[:4] {
		if part == "" {
			parts[i] = "0"
		}
	}
	return &version{major: parts[1], minor: parts[2], patch: parts[3], pre: parts[4]}
}

const digits = "0123456789"

func versionHolds(r *run, n *node, word string) bool {
	v := parseVersion(word)
	return v != nil && versionsRelated(r, n.code, v, n.target)
}

// semVer is "sem_ver": null unless it compares two versions with an operator
// that there is.
func semVer(r *run, values []any) any {
	if len(values) != 3 {
		return nil
	}
	code, known := versionComparisons[textIn(values[1])]
	if !known {
		return nil
	}
	return versionCompared(r, code, parseVersion(values[0]), parseVersion(values[2]))
}

func versionCompared(r *run, code int, a, b *version) any {
	if a == nil || b == nil {
		return nil
	}
	return versionsRelated(r, code, a, b)
}

// Yaegi: a comparison that is returned as an interface panics, one that is
// returned as a bool doesn't.
func versionsRelated(r *run, code int, a, b *version) bool {
	switch code {
	case codeMajor:
		return a.major == b.major
	case codeMinor:
		return a.major == b.major && a.minor == b.minor
	}
	return ordered(code, float64(versionOrder(r, a, b)), 0)
}

func versionOrder(r *run, a, b *version) int {
	if a.major != b.major {
		return numeralOrder(a.major, b.major)
	}
	if a.minor != b.minor {
		return numeralOrder(a.minor, b.minor)
	}
	if a.patch != b.patch {
		return numeralOrder(a.patch, b.patch)
	}
	if a.pre == b.pre {
		return 0
	}
	if a.pre == "" {
		return 1
	}
	if b.pre == "" {
		return -1
	}
	return preOrder(r, strings.Split(a.pre, "."), strings.Split(b.pre, "."))
}

// numeralOrder compares numbers of any length.
func numeralOrder(a, b string) int {
	if len(a) != len(b) {
		return sign(len(a) - len(b))
	}
	return strings.Compare(a, b)
}

func preOrder(r *run, a, b []string) int {
	if !spend(r, len(a)) {
		return 0
	}
	for i, word := range a {
		if i >= len(b) {
			return 1
		}
		order := identifierOrder(word, b[i])
		if order != 0 {
			return order
		}
	}
	return sign(len(a) - len(b))
}

// identifierOrder: numbers come before words.
func identifierOrder(a, b string) int {
	aIsNumeral := strings.Trim(a, digits) == ""
	bIsNumeral := strings.Trim(b, digits) == ""
	if aIsNumeral && bIsNumeral {
		return numeralOrder(a, b)
	}
	if aIsNumeral {
		return -1
	}
	if bIsNumeral {
		return 1
	}
	return strings.Compare(a, b)
}

func sign(n int) int {
	if n > 0 {
		return 1
	}
	if n < 0 {
		return -1
	}
	return 0
}
