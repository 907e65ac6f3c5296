package flag

import "time"

// withInstants puts the Unix time in the place of each constant text in the form of RFC 3339 that
// a comparison holds against the time of the evaluation. In JavaScript, no number is less than
// such a text, equal to it or greater, so that no targeting could make use of one.
func withInstants(n *node) {
	if n.code == codeSame || n.code == codeUnsame {
		return
	}
	compared := n.args
	if len(compared) > 3 {
		compared = compared[:3]
	}
	if n.code < codeLess && len(compared) > 2 {
		compared = compared[:2]
	}
	for i, arg := range compared {
		if arg.op == opTimestamp && i > 0 {
			compared[i-1] = instant(compared[i-1])
		}
		if arg.op == opTimestamp && i+1 < len(compared) {
			compared[i+1] = instant(compared[i+1])
		}
	}
}

// instant is the Unix time that a constant text names; any other operand stays as it is.
func instant(n *node) *node {
	word, isText := n.value.(string)
	if n.op != opConstant || !isText {
		return n
	}
	at, err := time.Parse(time.RFC3339, word)
	if err != nil {
		return n
	}
	return &node{op: opConstant, value: at.Sub(epoch).Seconds(), size: n.size}
}

// epoch is when Unix time began.
var epoch = parsedTime("1970-01-01T00:00:00Z")

func parsedTime(text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{} // which only a text that is no time gives
	}
	return at
}
