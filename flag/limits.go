package flag

import (
	"errors"
	"fmt"
)

// The limits keep a document, and whoever can write one, from costing more than
// they should. A document beyond a limit is refused by Parse; an evaluation
// beyond one ends with the error code GENERAL.
const (
	// MaxDocument is how many bytes a document may have; no more fit into a
	// node of ZooKeeper as it is delivered.
	MaxDocument = 1 << 20
	// MaxDepth is how deep the operations of a targeting may be nested.
	MaxDepth = 64
	// MaxOperations is how many operations and operands the targeting of one flag may
	// have, those that it refers to included.
	MaxOperations = 10000
	// MaxSteps is how many steps an evaluation may spend in lists: the
	// operations and operands of a map, filter, reduce, all, none or some, for each element.
	MaxSteps = 20000
	// MaxText is how many bytes a text may grow to that cat builds.
	MaxText = 64 << 10
)

var (
	errDepth      = fmt.Errorf("is nested deeper than %d levels; flatten it", MaxDepth)
	errOperations = fmt.Errorf("has more than %d operations and operands; split the flag up", MaxOperations)
	errDocument   = fmt.Errorf("has more than %d bytes; split it over several nodes", MaxDocument)
	errEmpty      = errors.New("is empty; it may be " + forms)
)

const (
	faultSteps = "the targeting needs too many steps for the lists it is given; give it shorter ones"
	faultText  = "the targeting builds too long a text; shorten what it joins"
)
