package value

import (
	"errors"
	"testing"
)

// What a problem quotes of a value is left out where values are hidden.
func TestProblemWithoutItsReason(t *testing.T) {
	if got := WithoutReason(RefusalText(FormatJSON, "k", errors.New(`has "secret"`))); got != "refused as json k" {
		t.Error(got)
	}
	if got := WithoutReason("zk: no connection"); got != "zk: no connection" {
		t.Error(got)
	}
}
