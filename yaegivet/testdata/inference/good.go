package good

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"example.org/snippets/inference/sub"
)

func same[T any](v T) T { return v }

func Run() string {
	list := slices.Clone[[]int, int]([]int{1})
	m := map[string]int{}
	maps.Copy[map[string]int, map[string]int, string, int](m, map[string]int{"a": 1})
	return fmt.Sprint(list, m, sub.Twice[int](3), sub.Twice(5), same(4), slices.Contains([]int{1}, 1), slices.IndexFunc([]int{2}, func(i int) bool { return i == 2 }), cmp.Compare(1, 2))
}
