package rules

import (
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ipset"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// Bypass says who gets by a closed gate.
type Bypass struct {
	Header   *request.Secret // nil for none
	Cookie   *request.Secret // nil for none
	List     *Source         // of further networks; nil for none
	networks *ipset.Set      // nil for none
	listed   *ipset.Set      // those that the list has now; nil while it has none
	strategy *request.IPStrategy
	prefixes []string // of paths, without a slash at the end
	methods  map[string]bool

	preflights bool // of CORS
	external   bool // a secret comes from a file or the environment
}

// checkBypass compiles a bypass.
func checkBypass(key string, b *config.Bypass, list *problems.List) *Bypass {
	compiled := &Bypass{networks: checkNetworks(key+".ips", b.IPs, list), methods: map[string]bool{}, preflights: b.Preflights, external: isExternal(b.Header) || isExternal(b.Cookie)}
	compiled.Header = checkSecret(key+".header", b.Header, list)
	if compiled.Header != nil {
		compiled.Header.Name = checkHeaderName(key+".header.name", compiled.Header.Name, list)
	}
	compiled.Cookie = checkSecret(key+".cookie", b.Cookie, list)
	for _, prefix := range b.PathPrefixes {
		prefix = strings.TrimSpace(prefix)
		if !request.IsPlainPath(prefix) || strings.Contains(prefix, "%") {
			list.Add(key+".pathPrefixes", prefix, "a path that begins with a slash and has no .., as in /health")
		}
		compiled.prefixes = append(compiled.prefixes, strings.TrimSuffix(prefix, "/"))
	}
	for _, method := range b.Methods {
		method = strings.TrimSpace(method)
		if !value.IsToken(method) || method != strings.ToUpper(method) {
			list.Add(key+".methods", method, "a method in capitals, as in OPTIONS")
		}
		compiled.methods[method] = true
	}
	return compiled
}

// isExternal tells whether a secret comes from a file or the environment.
func isExternal(s *config.Secret) bool { return s != nil && s.Value == "" }

// checkNetworks reads addresses and networks; nil where there are none.
func checkNetworks(key string, texts []string, list *problems.List) *ipset.Set {
	if len(texts) == 0 {
		return nil
	}
	set := ipset.New()
	for _, text := range texts {
		network, isNetwork := ipset.ParseNetwork(strings.TrimSpace(text))
		if isNetwork {
			ipset.Add(set, network)
		} else {
			list.Add(key, text, ipset.Hint)
		}
	}
	return set
}

// checkSecret checks what a header or a cookie has to hold; nil where there is none, or no
// value that it could be.
func checkSecret(key string, s *config.Secret, list *problems.List) *request.Secret {
	if s == nil {
		return nil
	}
	if !value.IsToken(s.Name) {
		list.Add(key+".name", problems.Beginning(s.Name, "\t\r\n:=;,\"'"), "a name is expected, as in X-Bypass")
		return nil
	}
	given := 0
	for _, source := range []string{s.Value, s.ValueFile, s.ValueEnv} {
		if source != "" {
			given++
		}
	}
	if given != 1 {
		list.Add(key+".value", problems.Hidden, "one of value, valueFile and valueEnv is expected")
		return nil
	}
	return request.NewSecret(s.Name, readSecret(key, s, list))
}

// readSecret is the value of a secret, from wherever it comes.
func readSecret(key string, s *config.Secret, list *problems.List) string {
	secret, source := s.Value, ".value"
	if s.ValueFile != "" {
		source = ".valueFile"
		text, err := os.ReadFile(s.ValueFile)
		if err != nil {
			list.Add(key+".valueFile", s.ValueFile, "it can't be read: "+err.Error())
		}
		secret = string(text)
	}
	if s.ValueEnv != "" {
		source = ".valueEnv"
		secret = os.Getenv(s.ValueEnv)
	}
	secret = strings.Trim(secret, " \t\r\n") // which is no part of a header's value, nor of a cookie's
	if secret == "" {
		list.Add(key+source, s.ValueFile+s.ValueEnv, "the secret is empty, or not set")
	}
	if strings.ContainsAny(secret, "\r\n\x00") {
		list.Add(key+source, problems.Hidden, "it has a line break inside, or a zero byte, which no header can hold")
	}
	if len(secret) > request.MaxSecretBytes {
		list.Add(key+source, problems.Hidden, "the secret has "+strconv.Itoa(len(secret))+" bytes; 4096 are possible")
	}
	return secret
}

// Passes tells whether a request gets by a closed gate.
//
// Yaegi: it is a function, since a method costs as much as four.
func Passes(b *Bypass, r *http.Request) bool {
	if b.methods[r.Method] || hasPrefix(b, r.URL) || isInNetwork(b, r) {
		return true
	}
	if b.Header != nil && request.IsInHeader(b.Header, r) {
		return true
	}
	return b.Cookie != nil && request.IsInCookies(b.Cookie, r) || b.preflights && isPreflight(r)
}

// isPreflight tells whether a browser asks, by the protocol CORS, whether it may send
// another request.
func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && len(r.Header["Origin"]) > 0 && len(r.Header["Access-Control-Request-Method"]) > 0
}

// hasPrefix tells whether a path begins with one of the prefixes. An ambiguous path has none,
// nor has one that somebody may decode a second time.
func hasPrefix(b *Bypass, u *url.URL) bool {
	if len(b.prefixes) == 0 || strings.Contains(u.Path, "%") || !request.IsUnambiguous(u) {
		return false
	}
	for _, prefix := range b.prefixes {
		if u.Path == prefix || strings.HasPrefix(u.Path, prefix+"/") {
			return true
		}
	}
	return false
}

// isInNetwork tells whether the client's address is in one of the networks.
func isInNetwork(b *Bypass, r *http.Request) bool {
	if b.networks == nil && b.listed == nil {
		return false
	}
	address, fault := request.ClientAddress(b.strategy, r)
	return fault == "" && (ipset.Contains(b.networks, address) || ipset.Contains(b.listed, address))
}

// WithListed is the bypass with the networks that its list has now.
func (b *Bypass) WithListed(networks *ipset.Set) *Bypass {
	other := *b
	other.listed = networks
	return &other
}
