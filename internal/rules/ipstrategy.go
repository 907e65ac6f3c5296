package rules

import (
	"net/textproto"
	"strconv"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// checkIPStrategy compiles what says where the client's address stands; nil for nil.
func checkIPStrategy(key string, given *config.IPStrategy, list *problems.List) *request.IPStrategy {
	if given == nil {
		return nil
	}
	s := &request.IPStrategy{
		Depth:      checkNumber(key+".depth", config.Text(given.Depth), 0, request.MaxDepth, list),
		Excluded:   checkNetworks(key+".excludedIPs", given.ExcludedIPs, list),
		IPv6Subnet: checkNumber(key+".ipv6Subnet", config.Text(given.IPv6Subnet), 1, 128, list),
	}
	if given.Header != "" {
		s.Header = checkAddressHeader(key+".header", given.Header, list)
		if s.Depth > 0 || s.Excluded != nil {
			list.Add(key+".header", given.Header, "either header, or depth and excludedIPs, which go by X-Forwarded-For")
		}
	}
	return s
}

// checkNumber reads a number between two others; 0 where there is none.
func checkNumber(key, text string, least, most int, list *problems.List) int {
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < least || n > most {
		list.Add(key, text, "a number from "+strconv.Itoa(least)+" to "+strconv.Itoa(most))
		return 0
	}
	return n
}

// checkAddressHeader checks the name of a header that has an address, and makes it canonical.
func checkAddressHeader(key, name string, list *problems.List) string {
	canonical := textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name))
	switch {
	case !value.IsToken(canonical):
		list.Add(key, name, "the name of a header that has the client's address, as in CF-Connecting-IP")
	case canonical == "X-Forwarded-For":
		list.Add(key, name, "this header has a list of addresses; use depth: 1 for the last one, or excludedIPs")
	case canonical == "Forwarded":
		list.Add(key, name, "this header has more than an address; use one that has nothing else, or depth")
	}
	return canonical
}

// useIPStrategy has all that asks for the client's address find it by a strategy.
func useIPStrategy(r *Rules, s *request.IPStrategy) {
	if s == nil {
		return
	}
	for _, source := range sourcesOf(r) {
		if source == nil {
			continue
		}
		for _, at := range source.Places {
			if at.Template != nil {
				request.UseIPStrategyInPath(at.Template, s)
			}
		}
	}
	for _, name := range lists.SortedKeys(r.Context) {
		request.UseIPStrategy(r.Context[name], s)
	}
	if r.Context[request.ClientIP] == nil {
		r.Context[request.ClientIP] = request.ClientIPTemplate(s)
	}
	for _, g := range r.Gates {
		if g.Bypass != nil {
			g.Bypass.strategy = s
		}
	}
}
