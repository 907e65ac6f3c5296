package zookeeper

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
)

// compiledBypass is a Bypass checked and compiled.
type compiledBypass struct {
	networks []*net.IPNet
	header   *hashedSecret // nil for none
	cookie   *hashedSecret // nil for none
	prefixes []string
	methods  map[string]bool
}

// A hashedSecret is what a header or a cookie has to hold, as a hash.
type hashedSecret struct {
	name    string
	hash    [sha256.Size]byte
	foreign bool // a file or the environment says what it is
}

func checkBypass(key string, b *Bypass, f *problemList) *compiledBypass {
	if b == nil {
		return nil
	}
	compiled := &compiledBypass{methods: map[string]bool{}}
	for _, text := range b.IPs {
		compiled.networks = append(compiled.networks, checkNetwork(key+".ips", strings.TrimSpace(text), f))
	}
	compiled.header = checkSecret(key+".header", b.Header, f)
	if compiled.header != nil {
		compiled.header.name = checkHeaderName(key+".header.name", compiled.header.name, f)
	}
	compiled.cookie = checkSecret(key+".cookie", b.Cookie, f)
	for _, prefix := range b.PathPrefixes {
		prefix = strings.TrimSpace(prefix)
		if !isPlainPath(prefix) || strings.Contains(prefix, "%") {
			f.add(key+".pathPrefixes", prefix, "a path that begins with a slash and has no .., as in /health")
		}
		compiled.prefixes = append(compiled.prefixes, strings.TrimSuffix(prefix, "/"))
	}
	for _, method := range b.Methods {
		method = strings.TrimSpace(method)
		if !isToken(method) || method != strings.ToUpper(method) {
			f.add(key+".methods", method, "a method in capitals, as in OPTIONS")
		}
		compiled.methods[method] = true
	}
	return compiled
}

// checkNetwork reads a CIDR, or an address, which is a network of one.
func checkNetwork(key, text string, f *problemList) *net.IPNet {
	cidr := text
	ip := net.ParseIP(text)
	if ip != nil && ip.To4() != nil {
		cidr = ip.String() + "/32"
	} else if ip != nil {
		cidr = text + "/128"
	}
	_, network, err := net.ParseCIDR(cidr)
	if err != nil {
		f.add(key, text, "an address or a network, as in 10.0.0.0/8")
		return &net.IPNet{}
	}
	return network
}

func checkSecret(key string, s *Secret, f *problemList) *hashedSecret {
	if s == nil {
		return nil
	}
	if !isToken(s.Name) {
		f.add(key+".name", s.Name, "a name is wanted, as in X-Bypass")
		return nil
	}
	given := 0
	for _, source := range []string{s.Value, s.ValueFile, s.ValueEnv} {
		if source != "" {
			given++
		}
	}
	if given != 1 {
		f.add(key+".value", hidden, "one of value, valueFile and valueEnv is wanted")
		return nil
	}
	value, source := s.Value, ".value"
	if s.ValueFile != "" {
		source = ".valueFile"
		text, err := os.ReadFile(s.ValueFile)
		if err != nil {
			f.add(key+".valueFile", s.ValueFile, "it can't be read: "+err.Error())
		}
		value = strings.TrimRight(string(text), "\r\n")
	}
	if s.ValueEnv != "" {
		source = ".valueEnv"
		value = os.Getenv(s.ValueEnv)
	}
	if value == "" {
		f.add(key+source, s.ValueFile+s.ValueEnv, "the secret is empty, or not set")
	}
	if len(value) > maxSecretBytes {
		f.add(key+source, hidden, "the secret has "+strconv.Itoa(len(value))+" bytes; 4096 are possible")
	}
	return &hashedSecret{name: s.Name, hash: sha256.Sum256([]byte(value)), foreign: s.Value == ""}
}

// isForeign tells whether one of its secrets is.
func (b *compiledBypass) isForeign() bool {
	return b != nil && (b.header != nil && b.header.foreign || b.cookie != nil && b.cookie.foreign)
}

// passes tells whether a request gets by a closed gate.
func passes(b *compiledBypass, r *http.Request) bool {
	if b.methods[r.Method] || knowsPath(b, r.URL) || knowsAddress(b, r) {
		return true
	}
	if b.header != nil && isAmong(b.header, r.Header[b.header.name]) {
		return true
	}
	return b.cookie != nil && mentions(r.Header["Cookie"], b.cookie.name) && isCookie(b.cookie, r.Header["Cookie"])
}

// isAmong looks at the first lines of a header.
func isAmong(s *hashedSecret, values []string) bool {
	for i := 0; i < len(values) && i < maxAttempts; i++ {
		if holdsSecret(s, values[i]) {
			return true
		}
	}
	return false
}

// isCookie looks at the first values that the cookie has, where they differ.
func isCookie(s *hashedSecret, lines []string) bool {
	mark := cookieMark(s.name)
	read := readOddCookies(lines)
	if read.misspells(mark) {
		read = readOddCookies([]string{tidied(strings.Join(lines, "; "))})
	}
	rest := strings.ReplaceAll(read.text, ";", ";;") // so that none shares a semicolon with the next one
	for i := 0; i < maxAttempts; i++ {
		_, after, found := strings.Cut(rest, mark)
		if !found {
			return false
		}
		value, _, _ := strings.Cut(after, ";")
		if holdsSecret(s, unquoted(strings.TrimRight(value, " \t"))) {
			return true
		}
		rest = strings.ReplaceAll(after, mark+value+";", "")
	}
	return false
}

// holdsSecret compares in a time that tells nothing about the secret, not even its length: what
// is longer than any secret may be isn't looked at.
func holdsSecret(s *hashedSecret, value string) bool {
	if len(value) > maxSecretBytes {
		return false
	}
	sum := sha256.Sum256([]byte(value))
	return subtle.ConstantTimeCompare(sum[:], s.hash[:]) == 1
}

// knowsPath takes only paths that nobody reads in two ways, not even who decodes
// them twice.
func knowsPath(b *compiledBypass, u *url.URL) bool {
	if len(b.prefixes) == 0 || strings.Contains(u.Path, "%") || !readsOneWay(u) {
		return false
	}
	for _, prefix := range b.prefixes {
		if u.Path == prefix || strings.HasPrefix(u.Path, prefix+"/") {
			return true
		}
	}
	return false
}

func knowsAddress(b *compiledBypass, r *http.Request) bool {
	if len(b.networks) == 0 {
		return false
	}
	ip := net.ParseIP(clientIP(r))
	for _, network := range b.networks {
		if ip != nil && network.Contains(ip) {
			return true
		}
	}
	return false
}
