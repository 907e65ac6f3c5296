package zookeeper

import (
	"regexp"
	"strings"
)

const defaultMaxNodes = 10000

// A pathTemplate is the path of a node in which the request has a part.
type pathTemplate struct {
	parts   []*part
	pattern *pattern // the nodes that it can mean
}

// parsePathTemplate reads a path with placeholders, which may mean so many nodes, or the
// default for 0. Its fault is empty when there is none.
func parsePathTemplate(text string, limit int) (*pathTemplate, string) {
	t, err := parseTemplate(text)
	if err != nil {
		return nil, err.Error()
	}
	parsed := &pathTemplate{parts: t.parts, pattern: patternOf(text, limit)}
	return parsed, faultOf(parsed, limit)
}

// patternOf cuts a path at the segments that have placeholders.
func patternOf(text string, limit int) *pattern {
	p := &pattern{text: text, root: "/", limit: limit}
	if limit == 0 {
		p.limit = defaultMaxNodes
	}
	var fixed []string
	for _, segment := range segmentsOf(text) {
		open := strings.IndexByte(segment, '{')
		if open < 0 {
			fixed = append(fixed, "/"+segment)
			continue
		}
		endLevel(p, fixed)
		fixed = nil
		end := strings.LastIndexByte(segment, '}')
		p.levels = append(p.levels, level{prefix: segment[:open], suffix: segment[end+1:]})
	}
	endLevel(p, fixed)
	return p
}

// endLevel gives the last level its fixed segments, or the pattern its root where there
// is no level yet.
func endLevel(p *pattern, fixed []string) {
	text := strings.Join(fixed, "")
	switch {
	case len(p.levels) > 0:
		p.levels[len(p.levels)-1].tail = text
	case text != "":
		p.root = text
	}
}

// segmentsOf cuts a path at its slashes, other than those between braces.
func segmentsOf(text string) []string {
	var segments []string
	depth, start := 0, 1
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			depth--
		case '/':
			if depth == 0 {
				segments = append(segments, text[start:i])
				start = i + 1
			}
		}
	}
	return append(segments, text[start:])
}

func faultOf(t *pathTemplate, limit int) string {
	var example []string
	for _, part := range t.parts {
		if len(part.terms) > 0 {
			example = append(example, "x")
		} else {
			example = append(example, part.text)
		}
	}
	if fault := pathFault(strings.Join(example, "")); fault != "" {
		return fault
	}
	root := t.pattern.root
	if root == "/" && limit == 0 {
		return "has a placeholder in its first segment, so that all nodes would be watched; put them below a node of their own, or set maxNodes"
	}
	if root == systemNode || strings.HasPrefix(root, systemNode+"/") {
		return "leads into ZooKeeper's own nodes"
	}
	return ""
}

// longestSegment is how long a placeholder's value may be.
const longestSegment = 1024

// pathFor is the path that a request means. It means none where it lacks a value,
// or has one that can't be a segment: what a client sends never leads elsewhere.
func pathFor(t *pathTemplate, v *visitor) (string, bool) {
	path := ""
	for _, part := range t.parts {
		if len(part.terms) == 0 {
			path += part.text
			continue
		}
		value := firstOf(part.terms, v)
		if len(value) > maxTextBytes {
			v.unread = "a part of the node's path is longer than 16 KB"
		}
		if !isSegment(value) {
			return "", false
		}
		path += value
	}
	return path, true
}

func isSegment(value string) bool {
	if value == "" || value == "." || value == ".." || len(value) > longestSegment {
		return false
	}
	return !noSegment.MatchString(value)
}

// Yaegi: a compiled expression looks at all bytes in the time that a loop takes
// for two.
var noSegment = regexp.MustCompile(`[\x00-\x1f\x7f/]`)
