package zookeeper

import "strings"

// A pattern says which nodes a path with placeholders can mean: those below its root
// whose names fit its levels.
type pattern struct {
	text   string // the path with its placeholders
	root   string // above the first placeholder
	levels []level
	limit  int // of nodes
}

// A level is a segment with placeholders, and the fixed segments behind it.
type level struct {
	prefix, suffix string // what stands around the segment's placeholders
	tail           string // empty, or begins with a slash
}

// systemNode has ZooKeeper's own nodes below it.
const systemNode = "/zookeeper"

// matches tells whether a node's name can stand at the level.
func (l level) matches(name string) bool {
	return len(name) >= len(l.prefix)+len(l.suffix) && strings.HasPrefix(name, l.prefix) && strings.HasSuffix(name, l.suffix)
}
