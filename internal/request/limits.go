// Package request reads what a request says: its host, path, headers, cookies, parameters
// and the client's address, for templates, for the context of flags, and for the secrets of
// bypasses. Whatever a client sends, reading it costs a bounded time.
package request

import (
	"strings"
)

// What a request costs is limited, whatever a client sends. Its parts are searched by calls
// of compiled code, in texts of limited length. A loop that is interpreted has a limited
// number of rounds.
//
// A part of a request that is beyond a limit isn't read at all. Nobody knows what a flag
// would have made of it. So the gate is closed, and a header has its default.
const (
	maxTextBytes   = 16 << 10 // of a path, a query, an attribute, or all cookies
	maxKeyBytes    = 4 << 10  // of a targeting key, which is hashed in a loop
	maxAcceptBytes = 4 << 10  // of all lines of Accept
	maxAddress     = 64       // bytes of an address
	maxLines       = 16       // of Accept, and of Cookie
	maxParameters  = 500      // of a query
	maxMalformed   = 64       // parameters of a query that doesn't parse
	maxObject      = 100      // headers, cookies or parameters, where a targeting asks for all of them
	maxAttempts    = 8        // values that are compared with a secret, or cookies that are removed
)

// MaxSecretBytes is how long the secret of a bypass may be. A longer value is no secret.
const MaxSecretBytes = 4 << 10

// joined is one line of all lines of a header, with a separator between them. The second
// result is false where they are too many, or have more bytes than the limit.
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

// withoutBlanks is a text without its spaces and tabs.
func withoutBlanks(text string) string { return blanks.Replace(text) }

var blanks = strings.NewReplacer(" ", "", "\t", "")
