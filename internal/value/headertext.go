package value

import (
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
)

// longestHeader is how many bytes the value of a header may have.
const longestHeader = 8 << 10

var errTooLong = errors.New("is longer than 8 KiB")

// noHeader matches what no header can hold.
//
// Yaegi: a compiled expression looks at all bytes in the time that a loop takes for two.
var noHeader = regexp.MustCompile(`[\x00-\x08\x0a-\x1f\x7f]`)

// plainHeader matches most texts that can be a header's value as they are, and no others.
var plainHeader = regexp.MustCompile(`^[!-~]([ -~]*[!-~])?$`)

// whiteSpace is what may stand around a header's value and is no part of it. A field in HTTP
// has blanks and tabs there. Many tools end what they write with a line break, as echo does.
const whiteSpace = " \t\r\n"

// byteOrderMark is what some editors put in front of a text. It is no part of it.
var byteOrderMark = []byte("\ufeff")

// HeaderText is a text as a header's value, without the white space around it. The error says
// why no header can hold the rest, as in "is longer than 8 KiB".
func HeaderText(text string) (string, error) {
	text = strings.Trim(text, whiteSpace)
	if len(text) > longestHeader {
		return "", errTooLong
	}
	if noHeader.MatchString(text) {
		return "", errors.New("has a line break or another control character, which no header can hold")
	}
	if !utf8.ValidString(text) {
		return "", lint.Encoding([]byte(text))
	}
	return text, nil
}

var tokens = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

// IsToken tells whether a text is a token of HTTP, as the names of headers, cookies and
// methods are.
func IsToken(name string) bool { return tokens.MatchString(name) }
