package request

import (
	"regexp"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// defaultMaxNodes is how many nodes a path may mean where nothing else is said.
const defaultMaxNodes = 10000

// A PathTemplate is the path of a node, with placeholders for what a request says.
type PathTemplate struct {
	parts   []*part
	Pattern *value.Pattern // of the nodes that it can mean
}

// HeadersReadByPath are the canonical names of the headers that a path reads.
func HeadersReadByPath(t *PathTemplate) []string { return headersIn(t.parts) }

// UseIPStrategyInPath has a path find the client's address by a strategy.
func UseIPStrategyInPath(t *PathTemplate, s *IPStrategy) { useIPStrategy(t.parts, s) }

// ParsePathTemplate parses a path with placeholders. The limit is how many nodes it may
// mean, or 0 for the default, with which the first segment has to be fixed. The second result
// says what is wrong with the path, as in "leads into ZooKeeper's own nodes"; it is empty
// where nothing is.
func ParsePathTemplate(text string, limit int) (*PathTemplate, string) {
	t, err := ParseTemplate(text)
	if err != nil {
		return nil, err.Error()
	}
	parsed := &PathTemplate{parts: t.parts, Pattern: patternOf(text, limit)}
	return parsed, faultOf(parsed, limit)
}

// patternOf cuts a path at its segments with placeholders.
func patternOf(text string, limit int) *value.Pattern {
	p := &value.Pattern{Text: text, Root: "/", Limit: limit}
	if limit == 0 {
		p.Limit = defaultMaxNodes
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
		p.Levels = append(p.Levels, value.Level{Prefix: segment[:open], Suffix: segment[end+1:]})
	}
	endLevel(p, fixed)
	return p
}

// endLevel adds the fixed segments behind the last level. Where there is no level yet, they
// are the pattern's root.
func endLevel(p *value.Pattern, fixed []string) {
	text := strings.Join(fixed, "")
	switch {
	case len(p.Levels) > 0:
		p.Levels[len(p.Levels)-1].Tail = text
	case text != "":
		p.Root = text
	}
}

// segmentsOf cuts a path at its slashes, but not at those between braces.
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

// faultOf says what is wrong with a path, with an x in the place of each placeholder.
func faultOf(t *PathTemplate, limit int) string {
	var example []string
	for _, part := range t.parts {
		if len(part.terms) > 0 {
			example = append(example, "x")
		} else {
			example = append(example, part.text)
		}
	}
	if fault := value.PathFault(strings.Join(example, "")); fault != "" {
		return fault
	}
	root := t.Pattern.Root
	if root == "/" && limit == 0 {
		return "has a placeholder in its first segment, so that all nodes would be watched; put them below a node of their own, or set maxNodes"
	}
	if root == value.SystemNode || strings.HasPrefix(root, value.SystemNode+"/") {
		return "leads into ZooKeeper's own nodes"
	}
	return ""
}

// longestSegment is how many bytes the value of a placeholder may have.
const longestSegment = 1024

// PathFor is the path that a request means. The second result is false where the request
// lacks a value, or has one that can't be part of a segment. So nothing that a client sends
// leads elsewhere. Where a value can't be read, r.Unread says so.
func PathFor(t *PathTemplate, r *Reader) (string, bool) {
	path := ""
	for _, part := range t.parts {
		if len(part.terms) == 0 {
			path += part.text
			continue
		}
		value := firstOf(part.terms, r)
		if len(value) > maxTextBytes {
			r.Unread = "a part of the node's path is longer than 16 KB"
		}
		if !isSegment(value) {
			return "", false
		}
		path += value
	}
	return path, true
}

// isSegment tells whether a value can stand for a placeholder in a path.
func isSegment(value string) bool {
	if value == "" || value == "." || value == ".." || len(value) > longestSegment {
		return false
	}
	return !noSegment.MatchString(value)
}

// noSegment matches what no segment can have in it.
//
// Yaegi: a compiled expression looks at all bytes in the time that a loop takes for two.
var noSegment = regexp.MustCompile(`[\x00-\x1f\x7f/]`)
