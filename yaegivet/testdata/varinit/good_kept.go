package good_kept

import "fmt"

type hooks struct {
	get   func() int
	twice func() int
}

type action func() int

// These keep functions, which run when all variables have their values.
var (
	kept    = hooks{get: read, twice: func() int { return 2 * read() }}
	list    = []func() int{read}
	named   = action(read)
	limit   = 7
	factors = map[string]int{"a": limit}
)

func read() int { return limit + factors["a"] }

func Run() string { return fmt.Sprint(kept.get(), kept.twice(), list[0](), named()) }
