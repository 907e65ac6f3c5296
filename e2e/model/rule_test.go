//go:build hooks

package model

import (
	"fmt"
	"strconv"
	"strings"
)

// A rule is a request header or a gate of a middleware. As text it is
//
//	header /t/{header.X-T}/plan json k max=2 default=d
//	gate /f/g,/f/h blockWhen=on default=off
type rule struct {
	gate        bool
	path        string
	format, key string
	max         int // 0 where it isn't set
	fallback    string
	blockWhen   string
}

func (r rule) String() string {
	words := []string{"header", r.path, r.format, r.key}
	if r.gate {
		words = []string{"gate", r.path, "blockWhen=" + r.blockWhen}
	}
	if r.max > 0 {
		words = append(words, "max="+strconv.Itoa(r.max))
	}
	if r.fallback != "" {
		words = append(words, "default="+r.fallback)
	}
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}

// paths are the rule's, of which the first with a value counts.
func (r rule) paths() []string { return strings.Split(r.path, ",") }

// limit is how many nodes the rule allows at least to be served.
func (r rule) limit() int {
	if r.max == 0 {
		return 10000
	}
	return r.max
}

func parseRule(text string) (rule, error) {
	words := strings.Fields(text)
	if len(words) < 3 || words[0] != "header" && words[0] != "gate" {
		return rule{}, fmt.Errorf("%q is neither a header nor a gate", text)
	}
	r := rule{gate: words[0] == "gate", path: words[1]}
	if r.gate {
		r.format = "flag"
	}
	for _, word := range words[2:] {
		name, value, named := strings.Cut(word, "=")
		var err error
		switch {
		case name == "max":
			r.max, err = strconv.Atoi(value)
		case name == "default":
			r.fallback = value
		case name == "blockWhen":
			r.blockWhen = value
		case !named && r.format == "":
			r.format = word
		case !named && r.key == "":
			r.key = word
		default:
			err = fmt.Errorf("%q has %q", text, word)
		}
		if err != nil {
			return rule{}, err
		}
	}
	return r, nil
}

// A middleware is the rules of one.
type middleware []rule

func (m middleware) String() string {
	var rules []string
	for _, r := range m {
		rules = append(rules, r.String())
	}
	return strings.Join(rules, " | ")
}

func parseMiddleware(text string) (middleware, error) {
	var m middleware
	for _, part := range strings.Split(text, "|") {
		r, err := parseRule(part)
		if err != nil {
			return nil, err
		}
		m = append(m, r)
	}
	return m, nil
}

// definition is how a cluster is defined, without its ensemble's place.
type definition struct {
	timeout string // of sessions
	servers string // digits: 1 and 2 are two ways to the server, nobody is at 3
}

// yaml is the middleware's configuration; places are the servers by their digits.
func (m middleware) yaml(cluster, chroot string, d *definition, places map[rune]string) string {
	text := "cluster: " + cluster + "\nlogLevel: error\nstartupTimeout: " + startupTimeout.String() + "\n"
	if d != nil {
		var servers []string
		for _, digit := range d.servers {
			servers = append(servers, places[digit])
		}
		text += fmt.Sprintf("clusters: {%s: {servers: '%s%s', sessionTimeout: %s}}\n", cluster, strings.Join(servers, ","), chroot, d.timeout)
	}
	headers, gates := "", ""
	for i, r := range m {
		common := fmt.Sprintf("path: '%s'", r.path)
		if r.max > 0 {
			common += fmt.Sprintf(", maxNodes: %d", r.max)
		}
		if r.fallback != "" {
			common += fmt.Sprintf(", default: '%s'", r.fallback)
		}
		if r.gate {
			gates += fmt.Sprintf("  - {%s, blockWhen: '%s', status: %d}\n", common, r.blockWhen, gateStatus+i)
			continue
		}
		if r.key != "" {
			common += ", key: " + r.key
		}
		headers += fmt.Sprintf("  - {name: %s, %s, format: %s}\n", headerName(i), common, r.format)
	}
	if headers != "" {
		text += "requestHeaders:\n" + headers
	}
	if gates != "" {
		text += "gates:\n" + gates
	}
	return text
}

// gateStatus is the status of the first rule, if it is a gate.
const gateStatus = 460

func headerName(rule int) string { return "X-Rule-" + strconv.Itoa(rule) }
