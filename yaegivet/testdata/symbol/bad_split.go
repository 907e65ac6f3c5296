// Yaegi: load
package bad_split

import "strings"

var text = "a b"

func Run() string {
	n := 0
	for range strings.SplitSeq(text, " ") { // want symbol rangeover
		n++
	}
	return text[:n]
}
