// Package lint finds what is wrong or suspicious in flagd's flag definitions, before any
// request comes: it looks at what JSON has been decoded to, and evaluates nothing.
package lint

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// The severities of findings.
const (
	// Mistake: it is certainly not what was meant, or flagd refuses it.
	Mistake = "mistake"
	// Suspicion: it works, and is probably not what was meant.
	Suspicion = "suspicion"
)

// A Finding is something that is wrong or suspicious in a flag.
type Finding struct {
	Severity string // Mistake or Suspicion
	Place    string // as targeting.if[0]; empty for the whole flag
	Message  string // what is wrong there, and the remedy
	Refused  bool   // the flag can't be used because of it
}

// Text is the finding with its place.
func Text(f *Finding) string {
	if f.Place == "" {
		return f.Message
	}
	return f.Place + ": " + f.Message
}

// Line is several findings in one line: as many as a line has room for, and how many there
// are beyond.
func Line(findings []*Finding) string {
	var parts []string
	for i, f := range findings {
		if i == mostInLine {
			parts = append(parts, "and "+strconv.Itoa(len(findings)-i)+" more")
			break
		}
		parts = append(parts, Text(f))
	}
	return strings.Join(parts, "; ")
}

// mostInLine is how many findings a line of the log has.
const mostInLine = 3

// MostFindings is how many findings of a flag are looked for.
const MostFindings = 20

// Worst is the severity of the worst of findings; empty for none.
func Worst(findings []*Finding) string {
	worst := ""
	for _, f := range findings {
		if f.Severity == Mistake {
			return Mistake
		}
		worst = f.Severity
	}
	return worst
}

// shown is a value as a message has it.
func shown(value any) string {
	word, isText := value.(string)
	if isText {
		return strconv.Quote(shortened(word))
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return "a value"
	}
	return visible(shortened(string(encoded)))
}

// visible is a text with a mark in the place of what isn't to be seen, or turns the rest around.
func visible(text string) string { return unseen.ReplaceAllString(text, "\ufffd") }

var unseen = regexp.MustCompile(`[^\pL\pM\pN\pP\pS ]+`)

// Member is the name of a member as a place has it: short, and on one line.
func Member(name string) string { return visible(shortened(name)) }

// longestShown is how many bytes of a value a message has.
const longestShown = 60

func shortened(text string) string {
	if len(text) <= longestShown {
		return text
	}
	return strings.ToValidUTF8(text[:longestShown], "") + "..."
}

// quoted lists names, as many as a message has room for.
func quoted(names []string) string {
	var list []string
	size := 0
	for i, name := range names {
		size += len(name)
		if i > 0 && size > longestShown {
			list = append(list, strconv.Itoa(len(names)-i)+" more")
			break
		}
		list = append(list, shown(name))
	}
	return strings.Join(list, ", ")
}
