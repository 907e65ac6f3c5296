package request

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
)

// A Secret is what a header or a cookie has to hold. Only a hash of its value is kept.
type Secret struct {
	Name string // of the header, canonical, or of the cookie
	hash [sha256.Size]byte
}

// NewSecret makes the secret of a header, whose name is canonical, or of a cookie. No
// request holds a value of more than MaxSecretBytes.
func NewSecret(name, value string) *Secret {
	return &Secret{Name: name, hash: sha256.Sum256([]byte(value))}
}

// IsInHeader tells whether one of the first lines of a request's header holds the secret.
// Those count as well that a middleware in front has taken it from.
func IsInHeader(s *Secret, r *http.Request) bool {
	return isLine(s, r.Header[s.Name]) || r.Response != nil && isLine(s, notesOf(r).Trailer[s.Name])
}

func isLine(s *Secret, lines []string) bool {
	for i := 0; i < len(lines) && i < maxAttempts; i++ {
		if isSecret(s, lines[i]) {
			return true
		}
	}
	return false
}

// IsInCookies tells whether one of the first values of a request's cookie is the secret.
// Equal values count once. Those count as well that a middleware in front has taken.
//
// Yaegi: the condition is that of mentions, written out, since a call takes longer.
func IsInCookies(s *Secret, r *http.Request) bool {
	lines := r.Header["Cookie"]
	if (len(lines) > 1 || len(lines) == 1 && (len(lines[0]) > 4*maxTextBytes || strings.Contains(lines[0], s.Name))) && isCookie(s, lines) {
		return true
	}
	return r.Response != nil && isKeptCookie(s, notesOf(r).Trailer["Cookie"])
}

func isKeptCookie(s *Secret, lines []string) bool {
	return mentions(lines, s.Name) && isCookie(s, lines)
}

// isCookie is IsInCookies for lines that may have the cookie.
func isCookie(s *Secret, lines []string) bool {
	mark := cookieMark(s.Name)
	read := readOddCookies(lines)
	if read.misspells(mark) {
		read = readOddCookies([]string{tidied(strings.Join(lines, "; "))})
	}
	rest := strings.ReplaceAll(read.text, ";", ";;") // so that no cookie shares a semicolon with the next one
	for i := 0; i < maxAttempts; i++ {
		_, after, found := strings.Cut(rest, mark)
		if !found {
			return false
		}
		value, _, _ := strings.Cut(after, ";")
		if isSecret(s, unquoted(strings.TrimRight(value, " \t"))) {
			return true
		}
		rest = strings.ReplaceAll(after, mark+value+";", "")
	}
	return false
}

// isSecret compares in a time that tells nothing about the secret, not even its length. A
// value that is longer than any secret may be isn't looked at.
func isSecret(s *Secret, value string) bool {
	if len(value) > MaxSecretBytes {
		return false
	}
	sum := sha256.Sum256([]byte(value))
	return subtle.ConstantTimeCompare(sum[:], s.hash[:]) == 1
}
