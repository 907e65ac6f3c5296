package zookeeper

import "strings"

// A request may cost so much and no more, whatever a client sends. So its parts are
// searched by compiled calls, in texts of bounded length, and a loop that is
// interpreted has a bounded number of rounds.
//
// A part of a request that is longer isn't read at all. What a gate's flag would have
// made of it, nobody knows: the gate is closed, and a header has its default.
const (
	maxTextBytes   = 16 << 10 // of a path, a query, an attribute, or all cookies
	maxKeyBytes    = 4 << 10  // of a targeting key, which is hashed in a loop
	maxAcceptBytes = 4 << 10
	maxSecretBytes = 4 << 10
	maxAddress     = 64  // bytes of an address
	maxLines       = 16  // of a header that is read whole: Accept and Cookie
	maxParameters  = 500 // of a query
	maxMalformed   = 64  // parameters of a query that doesn't parse
	maxObject      = 100 // headers, cookies or parameters, where a targeting asks for all of them
	maxAttempts    = 8   // values that are compared with a secret, or cookies that are taken out
)

// joined is a header's lines as one, with a separator between them. The second
// result is false where they are more than is read.
func joined(lines []string, separator string, limit int) (string, bool) {
	if len(lines) > maxLines {
		return "", false
	}
	length := 0
	for _, line := range lines {
		length += len(line)
	}
	if length > limit {
		return "", false
	}
	text := strings.Join(lines, separator)
	return text, true
}

// withoutBlanks takes all spaces and tabs out of a text.
func withoutBlanks(text string) string { return blanks.Replace(text) }

var blanks = strings.NewReplacer(" ", "", "\t", "")
