package zookeeper

import (
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"
)

// What the name and the value of a header may be.

const longestHeader = 8 << 10

var errTooLong = errors.New("is longer than 8 KiB")

// Yaegi: a compiled expression looks at all bytes in the time that a loop takes
// for two.
var noHeader = regexp.MustCompile(`[\x00-\x08\x0a-\x1f\x7f]`)

// plainHeader matches most of the texts that can be a header's value as they are.
var plainHeader = regexp.MustCompile(`^[!-~]([ -~]*[!-~])?$`)

// headerText checks that a text can be a header's value, and takes the white
// space off its ends, which would not survive the way.
func headerText(text string) (string, error) {
	text = strings.Trim(text, " \t")
	if len(text) > longestHeader {
		return "", errTooLong
	}
	if strings.TrimRight(text, "\r\n") != text {
		return "", errors.New("ends with a line break, which no header can hold; write it without (printf, not echo)")
	}
	if noHeader.MatchString(text) {
		return "", errors.New("has a line break or another control character, which no header can hold")
	}
	if !utf8.ValidString(text) {
		return "", errNotUTF8
	}
	return text, nil
}

var tokens = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

func isToken(name string) bool { return tokens.MatchString(name) }
