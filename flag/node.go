package flag

import (
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ipset"
)

// node is one operation of a compiled targeting, or one operand.
//
// Yaegi: interpreted, closures would take about as long as this tree does with
// one switch (benchmarks of both are in e2e/flag); but each call of a closure locks a mutex,
// which all requests would share.
type node struct {
	op       int
	args     []*node
	value    any             // of a constant
	name     string          // of an attribute
	path     []string        // the name's steps, where it has several
	word     string          // the constant text that an attribute is compared with
	words    map[string]bool // the constant texts that an attribute may be among, where they are few
	choices  *choices        // the constants that something may be among
	number   float64         // the constant number that an attribute is compared with
	code     int             // which comparison
	size     int             // how many nodes are below it, and itself
	scoped   bool            // its attributes are those of an element
	ends     []uint64        // where the variants' weights end
	total    uint64          // all weights
	keyed    bool            // the split goes by the targeting key
	networks *ipset.Set      // that an address may be in
	target   *version        // the constant version that an attribute is compared with
}

// The operations. Those from opAttributeIs on compare an attribute's text with
// a constant.
const (
	opConstant = iota
	opAttribute
	opIf
	opAnd
	opOr
	opNot
	opTruth
	opCompare
	opIn
	opAmong
	opFractional
	opElement
	opEverything
	opComputed
	opFlagKey
	opTimestamp
	opProperties
	opList
	opMissing
	opMissingSome
	opAdd
	opMultiply
	opSubtract
	opDivide
	opModulo
	opMax
	opMin
	opMap
	opFilter
	opReduce
	opAll
	opNone
	opSome
	opMerge
	opCat
	opSubstr
	opLog
	opStartsWith
	opEndsWith
	opSemVer
	opInNetwork
	opLower
	opUpper
	opRollout
	opSplit
	opItems
	opAttributeOver
	opAttributeIs
	opAttributeIsNot
	opAttributeIn
	opAttributeHas
	opAttributeStarts
	opAttributeEnds
	opAttributeVersion
)

// The comparisons.
const (
	codeEqual = iota
	codeSame
	codeUnequal
	codeUnsame
	codeLess
	codeLessOrEqual
	codeGreater
	codeGreaterOrEqual
	codeMajor
	codeMinor
)

// operations are those of JsonLogic, flagd's own, and ours.
var operations = map[string]int{
	"if": opIf, "?:": opIf, "and": opAnd, "or": opOr, "!": opNot, "!!": opTruth,
	"==": opCompare, "===": opCompare, "!=": opCompare, "!==": opCompare,
	"<": opCompare, "<=": opCompare, ">": opCompare, ">=": opCompare,
	"in": opIn, "var": opAttribute, "missing": opMissing, "missing_some": opMissingSome,
	"+": opAdd, "*": opMultiply, "-": opSubtract, "/": opDivide, "%": opModulo, "max": opMax, "min": opMin,
	"map": opMap, "filter": opFilter, "reduce": opReduce, "all": opAll, "none": opNone, "some": opSome, "merge": opMerge,
	"cat": opCat, "substr": opSubstr, "log": opLog,
	"fractional": opFractional, "starts_with": opStartsWith, "ends_with": opEndsWith, "sem_ver": opSemVer,
	"in_network": opInNetwork, "lower": opLower, "upper": opUpper, "rollout": opRollout, "split": opItems,
}

var comparisons = map[string]int{
	"==": codeEqual, "===": codeSame, "!=": codeUnequal, "!==": codeUnsame,
	"<": codeLess, "<=": codeLessOrEqual, ">": codeGreater, ">=": codeGreaterOrEqual,
}

// versionComparisons are the operators of sem_ver.
var versionComparisons = map[string]int{
	"=": codeEqual, "!=": codeUnequal, "<": codeLess, "<=": codeLessOrEqual, ">": codeGreater, ">=": codeGreaterOrEqual,
	"^": codeMajor, "~": codeMinor,
}
