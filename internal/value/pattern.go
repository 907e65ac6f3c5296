package value

import (
	"strings"
)

// A Pattern says which nodes a path with placeholders can mean. They are below its root, and
// their names match its levels.
type Pattern struct {
	Text   string  // the path with its placeholders
	Root   string  // the fixed path in front of the first segment with placeholders
	Levels []Level // one for each segment with placeholders
	Limit  int     // of the number of nodes
	Deep   bool    // all nodes below those of the last level belong to it, too
}

// A Level is a segment with placeholders, and the fixed segments behind it.
type Level struct {
	Prefix string // of the segment, in front of its first placeholder
	Suffix string // of the segment, behind its last placeholder
	Tail   string // the path of the fixed segments; empty, or begins with a slash
}

// Below is the pattern of all nodes below a path.
func Below(path string, limit int) *Pattern {
	return &Pattern{Text: strings.TrimSuffix(path, "/") + "/**", Root: path, Levels: []Level{{}}, Limit: limit, Deep: true}
}

// ChildrenOf is the pattern of a node's children.
func ChildrenOf(path string, limit int) *Pattern {
	return &Pattern{Text: strings.TrimSuffix(path, "/") + "/*", Root: path, Levels: []Level{{}}, Limit: limit}
}

// SystemNode is the node that has ZooKeeper's own nodes below it.
const SystemNode = "/zookeeper"

// Matches tells whether a node of that name can stand at the level.
func (l Level) Matches(name string) bool {
	return len(name) >= len(l.Prefix)+len(l.Suffix) && strings.HasPrefix(name, l.Prefix) && strings.HasSuffix(name, l.Suffix)
}
