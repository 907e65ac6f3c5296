// Yaegi: wrong
package bad

import "strconv"

func isLowest(s state) bool { return s == lowest }

func isHighest(s state) bool { return s == highest }

func isNext(s state) bool { return s == next }

func isNamed(s label) bool { return s == named }

const lowest state = -1 // want constorder

const highest state = 7 // want constorder

const (
	first state = iota
	next        // want constorder
)

const named label = "a" // want constorder

type state int

type label string

// Run compares constants with what they are.
func Run() string {
	return strconv.FormatBool(isLowest(-1)) + "|" + strconv.FormatBool(isHighest(7)) + "|" +
		strconv.FormatBool(isNext(1)) + "|" + strconv.FormatBool(isNamed("a"))
}
