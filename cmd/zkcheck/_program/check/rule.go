package check

import (
	"regexp"
	"strings"
)

// A matcher is a router's rule, as far as it is a conjunction of hosts and paths.
type matcher struct {
	hosts, paths, prefixes []string
}

var simpleMatcher = regexp.MustCompile("^(Host|Path|PathPrefix)\\((?:`([^`]+)`|\"([^\"\\\\]+)\")\\)$")

// readRule reads a rule; nil where it has anything else in it.
func readRule(rule string) *matcher {
	m := &matcher{}
	for _, part := range strings.Split(rule, "&&") {
		found := simpleMatcher.FindStringSubmatch(strings.TrimSpace(part))
		if found == nil {
			return nil
		}
		text := found[2] + found[3]
		switch found[1] {
		case "Host":
			m.hosts = append(m.hosts, strings.ToLower(text))
		case "Path":
			m.paths = append(m.paths, text)
		default:
			m.prefixes = append(m.prefixes, text)
		}
	}
	return m
}

// hasPath tells whether requests for a path match, if their host does.
func (m *matcher) hasPath(path string) bool {
	for _, wanted := range m.paths {
		if path != wanted {
			return false
		}
	}
	for _, prefix := range m.prefixes {
		if !strings.HasPrefix(path, prefix) {
			return false
		}
	}
	return true
}

// hasHost tells whether all requests to a host match, if their path does. The empty host
// stands for one that isn't known.
func (m *matcher) hasHost(host string) bool {
	for _, wanted := range m.hosts {
		if host != wanted {
			return false
		}
	}
	return true
}

// excludes tells whether no request to a host can match.
func (m *matcher) excludes(host string) bool { return host != "" && !m.hasHost(host) }
