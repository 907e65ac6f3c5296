package flag

import (
	"errors"
	"fmt"
)

// The limits keep a document, and whoever can write one, from costing more than
// they should: at most a second and 50 MB, interpreted, for whatever fits into a
// node. A document or a flag beyond a limit is refused with the error code
// PARSE_ERROR; an evaluation beyond one ends with the error code GENERAL.
const (
	// MaxDocument is how many bytes a document may have; no more fit into a
	// node of ZooKeeper as it is delivered.
	MaxDocument = 1 << 20
	// MaxDepth is how deep the operations of a targeting may be nested.
	MaxDepth = 64
	// MaxOperations is how many operations and operands the targeting of one flag may
	// have, those of the evaluators included, as often as it refers to them. A list of
	// constants counts as one; of the names in missing and missing_some, and of the networks
	// in in_network, each counts.
	MaxOperations = 10000
	// MaxEntries is how many entries a list of constants may have: a document is
	// full with as many of 5 characters.
	MaxEntries = 200000
	// MaxObjects is how many objects a flag, an evaluator or the metadata may
	// consist of. Decoded, an object takes up to 400 bytes, which may be 40 times its text.
	MaxObjects = 50000
	// MaxVariants is how many variants a flag may have; no targeting could name more.
	MaxVariants = 10000
	// MaxMetadata is how many members metadata may have: each flag with metadata of
	// its own has a copy of the document's.
	MaxMetadata = 1000
	// MaxFlags is how many flags a document may have; a flag that says anything takes more than 20 bytes.
	MaxFlags = 50000
	// MaxKey is how many bytes a flag's key may have, since a share hashes it.
	MaxKey = 4096
	// MaxAttributes is how many attributes a flag may look up: a request has all of
	// them looked up for it.
	MaxAttributes = 1000
	// MaxName is how many bytes the name of an attribute may have.
	MaxName = 1024
	// MaxSteps is how many steps an evaluation may spend. A map, filter, reduce, all,
	// none or some spends one on each operation and operand of its rule, for each element. What
	// reads or makes a list spends one on each element, and what reads or makes a text one on each 64 bytes.
	MaxSteps = 20000
	// MaxHashed is how many bytes a text may have that a share or a split goes by.
	MaxHashed = 4096
	// MaxText is how many bytes a text may grow to that cat builds.
	MaxText = 64 << 10
	// MaxResult is how many values the result of a rule may consist of.
	MaxResult = 1 << 20
	// maxVersion is how many bytes a semantic version may have, as npm has it.
	maxVersion = 256
)

// How much of a text a step pays for, in bytes.
const (
	textOfStep  = 64 // where compiled code reads or makes it
	hashOfStep  = 8  // where it is hashed, which is a loop of the interpreter's
	pathOfStep  = 8  // where it is a name that is taken apart into the steps of a path
	stepsOfList = 4  // of a list in another one, beyond its elements, where it is read as a text
	valueOfStep = 32 // where it is the JSON of a value that has to be decoded
)

var (
	errDepth      = fmt.Errorf("is nested deeper than %d levels; flatten it", MaxDepth)
	errOperations = fmt.Errorf("has more than %d operations and operands; split the flag up", MaxOperations)
	errEntries    = fmt.Errorf("has a list of more than %d entries; split it, or take the entries' common part", MaxEntries)
	errObjects    = fmt.Errorf("has more than %d opening braces; split it, or keep the objects in a node of their own", MaxObjects)
	errVariants   = fmt.Errorf("has more than %d; split the flag up", MaxVariants)
	errMetadata   = fmt.Errorf("has more than %d members; keep what no flag needs elsewhere", MaxMetadata)
	errKey        = fmt.Errorf("has a key of more than %d bytes; shorten it", MaxKey)
	errDocument   = fmt.Errorf("has more than %d bytes; split it over several nodes", MaxDocument)
	errAttributes = fmt.Errorf("looks up more than %d attributes; split the flag up", MaxAttributes)
	errName       = fmt.Errorf("has an attribute's name of more than %d bytes; shorten it", MaxName)
	errFlags      = fmt.Errorf("has more than %d flags; split it over several nodes", MaxFlags)
	errEmpty      = errors.New("is empty; it may be " + forms)
)

const (
	faultSteps  = "the targeting needs too many steps for the lists and texts it is given; give it shorter ones, or split the flag up"
	faultText   = "the targeting builds too long a text; shorten what it joins"
	faultResult = "the rule's result has too many values; give it shorter lists"
)
