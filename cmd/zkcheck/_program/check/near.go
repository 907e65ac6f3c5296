package check

import (
	"strings"
)

// nearest is the name that a misspelt one was probably meant to be; empty where none is alike.
func nearest(misspelt string, names []string) string {
	best, found := most(misspelt)+1, ""
	for _, name := range names {
		if d := distance(strings.ToLower(misspelt), strings.ToLower(name)); d < best || d == best && found != "" && name < found {
			best, found = d, name
		}
	}
	return found
}

// most is how many letters of a name may differ.
func most(name string) int {
	if len(name) < 5 {
		return 1
	}
	return 2
}

// distance is how many letters have to be inserted, removed, replaced, or exchanged with the
// next one, to make one word of another.
func distance(from, to string) int {
	rows := make([][]int, len(from)+1)
	for i := range rows {
		rows[i] = make([]int, len(to)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(from); i++ {
		for j := 1; j <= len(to); j++ {
			replaced := rows[i-1][j-1]
			if from[i-1] != to[j-1] {
				replaced++
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, replaced)
			if i > 1 && j > 1 && from[i-1] == to[j-2] && from[i-2] == to[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(from)][len(to)]
}
