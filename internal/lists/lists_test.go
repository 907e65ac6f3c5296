package lists

import (
	"reflect"
	"strings"
	"testing"
)

func TestSortedKeys(t *testing.T) {
	if got := strings.Join(SortedKeys(map[string]int{"b": 1, "a": 2, "C": 3}), " "); got != "C a b" {
		t.Error(got)
	}
}

// Each of the equal items is left out, and the list itself stays as it is.
func TestWithout(t *testing.T) {
	items := []string{"a", "b", "a", "c"}
	if got := Without(items, "a"); !reflect.DeepEqual(got, []string{"b", "c"}) {
		t.Errorf("without a: %q", got)
	}
	if got := Without(items, "x"); !reflect.DeepEqual(got, items) {
		t.Errorf("without x: %q", got)
	}
	if got := Without([]string{"a"}, "a"); len(got) != 0 {
		t.Errorf("without the only one: %q", got)
	}
	if items[0] != "a" || items[2] != "a" {
		t.Errorf("the list is %q afterwards", items)
	}
}
