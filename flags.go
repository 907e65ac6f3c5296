package zookeeper

import (
	"strconv"
	"strings"
)

// parseFlag reads a boolean word: in any case, with white space around it.
// ok is false when the text is none.
func parseFlag(text string) (bool, bool) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true", "on", "yes", "enabled", "1":
		return true, true
	case "false", "off", "no", "disabled", "0":
		return false, true
	}
	return false, false
}

const flagWords = "on or off (also true/false, yes/no, enabled/disabled, 1/0)"

func flagWord(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// statusNumber reads an HTTP status that can end a request.
func statusNumber(text string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 200 || n > 599 {
		return 0, false
	}
	return n, true
}
