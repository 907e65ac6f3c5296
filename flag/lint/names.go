package lint

import "strings"

// operatorNames are names that operations have elsewhere.
var operatorNames = map[string]string{
	"=": "==", "eq": "==", "equals": "==", "equal": "==", "is": "==", "ne": "!=", "neq": "!=", "<>": "!=", "notequals": "!=",
	"not": "!", "gt": ">", "gte": ">=", "ge": ">=", "=>": ">=", "lt": "<", "lte": "<=", "le": "<=", "=<": "<=", "&&": "and", "||": "or",
	"contains": "in", "includes": "in", "oneof": "in", "percentage": "fractional", "percent": "fractional", "split": "fractional",
	"concat": "cat", "substring": "substr", "tolower": "lower", "lowercase": "lower", "toupper": "upper", "uppercase": "upper", "any": "some", "every": "all",
}

// versionNames are names that sem_ver's operators have elsewhere.
var versionNames = map[string]string{"==": "=", "===": "=", "!==": "!=", "<>": "!=", "~>": "~", "=>": ">=", "=<": "<="}

// Nearest is the name among others that was probably meant; empty where none is near.
func Nearest(name string, others []string) string {
	best, least := "", len(name)/3+1
	if least > 3 {
		least = 3
	}
	plain := plainName(name)
	for _, other := range others {
		if other == name {
			continue
		}
		if plain != "" && plainName(other) == plain {
			return other
		}
		if len(name) < 3 || len(other) < 3 || len(name) > longestShown || len(other) > longestShown {
			continue
		}
		far := distance(name, other, least)
		if far < least {
			best, least = other, far
		}
	}
	return best
}

// plainName is a name in lower case, without what joins its words.
func plainName(name string) string {
	if len(name) > longestShown {
		return ""
	}
	return joints.Replace(strings.ToLower(name))
}

var joints = strings.NewReplacer("-", "", "_", "", " ", "", "$", "")

// distance is how many letters have to be added, removed or replaced, or pairs of them
// swapped, to make one word of the other; or most, where it is as many.
func distance(a, b string, most int) int {
	if len(a)-len(b) >= most || len(b)-len(a) >= most {
		return most
	}
	before, last := []int{}, []int{}
	for j := 0; j <= len(b); j++ {
		last = append(last, j)
	}
	for i := 1; i <= len(a); i++ {
		next := []int{i}
		for j := 1; j <= len(b); j++ {
			cost := last[j-1]
			if a[i-1] != b[j-1] {
				cost++
			}
			cost = lesser(cost, lesser(last[j]+1, next[j-1]+1))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cost = lesser(cost, before[j-2]+1)
			}
			next = append(next, cost)
		}
		before = last
		last = next
	}
	return lesser(last[len(b)], most)
}

func lesser(a, b int) int {
	if a < b {
		return a
	}
	return b
}

// meant is the end of a message about a name that is none: which one was meant, or which
// there are.
func meant(name string, others []string, elsewhere map[string]string, what string) string {
	other := elsewhere[plainName(name)]
	if other == "" {
		other = elsewhere[name]
	}
	if other == "" {
		other = Nearest(name, others)
	}
	if other != "" {
		return "; write " + shown(other)
	}
	if len(others) == 0 {
		return ""
	}
	return "; " + what + " " + strings.Join(others, " ")
}
