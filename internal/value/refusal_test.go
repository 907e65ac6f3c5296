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
	for reason, want := range map[string]string{"is empty": "refused as flag a: it is empty", `"state" is "ON"`: `refused as flag a: its "state" is "ON"`} {
		if got := RefusalText(FormatFlag, "a", errors.New(reason)); got != want || WithoutReason(got) != "refused as flag a" {
			t.Errorf("%s: %s", got, WithoutReason(got))
		}
	}
	if got := WithoutReason("zk: no connection"); got != "zk: no connection" {
		t.Error(got)
	}
}
