package zookeeper

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// bypass is a Bypass checked and compiled.
type bypass struct {
	networks []*net.IPNet
	header   *secret // nil for none
	cookie   *secret // nil for none
	prefixes []string
	methods  map[string]bool
}

// A secret is what a header or a cookie has to hold, as a hash.
type secret struct {
	name string
	hash [sha256.Size]byte
}

func checkBypass(key string, b *Bypass, f *faults) *bypass {
	if b == nil {
		return nil
	}
	compiled := &bypass{methods: map[string]bool{}}
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
func checkNetwork(key, text string, f *faults) *net.IPNet {
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

func checkSecret(key string, s *Secret, f *faults) *secret {
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
	f.foreign = f.foreign || s.Value == ""
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
	return &secret{name: s.Name, hash: sha256.Sum256([]byte(value))}
}

// passes tells whether a request gets by a closed gate.
func (b *bypass) passes(r *http.Request) bool {
	if b.methods[r.Method] || b.knowsPath(r.URL) || b.knowsAddress(r) {
		return true
	}
	if b.header != nil {
		for _, value := range r.Header[b.header.name] {
			if b.header.is(value) {
				return true
			}
		}
	}
	if b.cookie != nil {
		for _, cookie := range r.Cookies() {
			if cookie.Name == b.cookie.name && b.cookie.is(cookie.Value) {
				return true
			}
		}
	}
	return false
}

// is compares in a time that tells nothing about the secret.
func (s *secret) is(value string) bool {
	sum := sha256.Sum256([]byte(value))
	return subtle.ConstantTimeCompare(sum[:], s.hash[:]) == 1
}

// knowsPath takes only paths that nobody reads in two ways, not even who decodes
// them twice.
func (b *bypass) knowsPath(u *url.URL) bool {
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

// readsOneWay tells whether all agree on a path's segments: what a service makes of
// others, before or after it decodes them, it alone knows.
func readsOneWay(u *url.URL) bool {
	return isPlainPath(u.Path) && !hidesSeparator(u.EscapedPath())
}

// isPlainPath tells whether a path has only segments that stand for themselves;
// what is behind a semicolon is a parameter to some.
func isPlainPath(path string) bool {
	if !strings.HasPrefix(path, "/") || strings.Contains(path, "\\") {
		return false
	}
	segments := strings.Split(path[1:], "/")
	for i, segment := range segments {
		name, _, _ := strings.Cut(segment, ";")
		if name == "." || name == ".." || name == "" && i < len(segments)-1 {
			return false
		}
	}
	return true
}

// hidesSeparator tells whether a path has an encoded slash or backslash.
func hidesSeparator(escaped string) bool {
	escaped = strings.ToLower(escaped)
	return strings.Contains(escaped, "%2f") || strings.Contains(escaped, "%5c")
}

func (b *bypass) knowsAddress(r *http.Request) bool {
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

// withoutCookie takes a cookie out of a request.
func withoutCookie(header http.Header, name string) {
	var lines []string
	for _, line := range header["Cookie"] {
		var kept []string
		for _, pair := range strings.Split(line, ";") {
			pair = strings.TrimSpace(pair)
			before, _, _ := strings.Cut(pair, "=")
			if pair != "" && strings.TrimSpace(before) != name {
				kept = append(kept, pair)
			}
		}
		if len(kept) > 0 {
			lines = append(lines, strings.Join(kept, "; "))
		}
	}
	if len(lines) == 0 {
		delete(header, "Cookie")
		return
	}
	header["Cookie"] = lines
}
