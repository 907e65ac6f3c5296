package flag

import "strings"

// version is a semantic version: without its build, which compares as nothing.
type version struct {
	major, minor, patch string
	pre                 string
}

// parseVersion reads a semantic version, with or without a v in front, and with
// zeros for the numbers that are left out. It is nil for anything else.
func parseVersion(value any) *version {
	word, isText := value.(string)
	if !isText {
		return nil
	}
	word = strings.TrimPrefix(strings.TrimPrefix(word, "v"), "V")
	core, build, hasBuild := strings.Cut(word, "+")
	core, pre, hasPre := strings.Cut(core, "-")
	numbers := strings.Split(core, ".")
	if len(numbers) > 3 || len(numbers) < 3 && (hasBuild || hasPre) {
		return nil
	}
	if hasBuild && !areIdentifiers(build, false) || hasPre && !areIdentifiers(pre, true) {
		return nil
	}
	for _, number := range numbers {
		if !isNumeral(number) {
			return nil
		}
	}
	for len(numbers) < 3 {
		numbers = append(numbers, "0")
	}
	return &version{major: numbers[0], minor: numbers[1], patch: numbers[2], pre: pre}
}

const digits = "0123456789"

func isNumeral(word string) bool {
	return word != "" && strings.Trim(word, digits) == "" && (len(word) == 1 || word[0] != '0')
}

func areIdentifiers(list string, strict bool) bool {
	for _, word := range strings.Split(list, ".") {
		if word == "" || strings.Trim(word, digits+"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") != "" {
			return false
		}
		if strict && strings.Trim(word, digits) == "" && !isNumeral(word) {
			return false
		}
	}
	return true
}

// semVer is "sem_ver": null unless it compares two versions with an operator
// that there is.
func semVer(values []any) any {
	if len(values) != 3 {
		return nil
	}
	code, known := versionComparisons[textIn(values[1])]
	if !known {
		return nil
	}
	return versionCompared(code, parseVersion(values[0]), parseVersion(values[2]))
}

func versionCompared(code int, a, b *version) any {
	if a == nil || b == nil {
		return nil
	}
	switch code {
	case codeMajor:
		return a.major == b.major
	case codeMinor:
		return a.major == b.major && a.minor == b.minor
	}
	return ordered(code, float64(versionOrder(a, b)), 0)
}

func versionOrder(a, b *version) int {
	order := numeralOrder(a.major, b.major)
	if order == 0 {
		order = numeralOrder(a.minor, b.minor)
	}
	if order == 0 {
		order = numeralOrder(a.patch, b.patch)
	}
	if order != 0 || a.pre == b.pre {
		return order
	}
	if a.pre == "" {
		return 1
	}
	if b.pre == "" {
		return -1
	}
	return preOrder(strings.Split(a.pre, "."), strings.Split(b.pre, "."))
}

// numeralOrder compares numbers of any length.
func numeralOrder(a, b string) int {
	if len(a) != len(b) {
		return sign(len(a) - len(b))
	}
	return strings.Compare(a, b)
}

func preOrder(a, b []string) int {
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
	aIsNumeral := isNumeral(a)
	bIsNumeral := isNumeral(b)
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
