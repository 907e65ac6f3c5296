package zookeeper

import "strings"

// parseFlag reads a boolean word: in any case, with white space around it.
// The second result is false when the text is none.
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
