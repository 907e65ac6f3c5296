package good

import "strconv"

const early state = 3

type state int

func isLowest(s state) bool { return s == lowest }

const lowest state = -1

const (
	first state = iota
	next
)

// Run compares constants with what they are.
func Run() string {
	return strconv.FormatBool(isLowest(-1)) + strconv.FormatBool(next == 1 && first == 0 && early == 3)
}
