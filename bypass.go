package zookeeper

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"os"
	"path"
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
		if !strings.HasPrefix(prefix, "/") {
			f.add(key+".pathPrefixes", prefix, "a path that begins with a slash")
		}
		compiled.prefixes = append(compiled.prefixes, path.Clean(prefix))
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
		cidr = text + "/32"
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
	}
	given := 0
	for _, source := range []string{s.Value, s.ValueFile, s.ValueEnv} {
		if source != "" {
			given++
		}
	}
	if given != 1 {
		f.add(key+".value", "...", "one of value, valueFile and valueEnv is wanted")
		return nil
	}
	value := s.Value
	if s.ValueFile != "" {
		text, err := os.ReadFile(s.ValueFile)
		if err != nil {
			f.add(key+".valueFile", s.ValueFile, "it can't be read: "+err.Error())
		}
		value = strings.TrimRight(string(text), "\r\n")
	}
	if s.ValueEnv != "" {
		value = os.Getenv(s.ValueEnv)
	}
	if value == "" {
		f.add(key+".value", s.ValueFile+s.ValueEnv, "the secret is empty, or not set")
	}
	return &secret{name: s.Name, hash: sha256.Sum256([]byte(value))}
}

// passes tells whether a request gets by a closed gate.
func (b *bypass) passes(r *http.Request) bool {
	if b.methods[r.Method] || b.knowsPath(r.URL.Path) || b.knowsAddress(r) {
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

func (b *bypass) knowsPath(requested string) bool {
	requested = path.Clean("/" + requested)
	for _, prefix := range b.prefixes {
		if requested == prefix || prefix == "/" || strings.HasPrefix(requested, prefix+"/") {
			return true
		}
	}
	return false
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
