package zookeeper

import (
	"bytes"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// The formats of flags. Those that begin with inFormat take the flag out of what
// another format reads.
const (
	formatFlag    = "flag"
	formatDecider = "decider"
	inFormat      = "flag in "
)

// flagFormat is the format of a flag that stands in what another format reads.
func flagFormat(format string) string { return inFormat + format }

// booleanWord reads a boolean word: in any case, with white space around it.
// The second result is false when the text is none.
func booleanWord(text string) (bool, bool) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true", "on", "yes", "enabled", "1":
		return true, true
	case "false", "off", "no", "disabled", "0":
		return false, true
	}
	return false, false
}

const booleanWords = "on or off (also true/false, yes/no, enabled/disabled, 1/0)"

// flagReading is the flag of that key in the document that a node holds. It has to be
// good, where it is there at all.
func flagReading(format, key string, c *content) *reading {
	if len(bytes.TrimSpace(c.data)) == 0 {
		return &reading{}
	}
	d := parsed(c, format)
	if d.refused != nil {
		return &reading{refused: d.refused}
	}
	return readingOfFlag(d.value.(*flag.Set), key)
}

// loneFlag is a flag that is part of a document of another format.
func loneFlag(text []byte) *reading {
	if len(bytes.TrimSpace(text)) == 0 {
		return &reading{}
	}
	set, err := flag.Parse(text)
	if err != nil {
		return &reading{refused: err}
	}
	return readingOfFlag(set, "")
}

// readingOfFlag keeps the one flag of a set.
func readingOfFlag(set *flag.Set, key string) *reading {
	only := set.Only(key)
	err := only.Err(key)
	if err != nil {
		return &reading{refused: err}
	}
	return &reading{value: only}
}

// readFlagIn reads a flag out of what another format reads. In JSON it may be a
// definition, as an object.
func readFlagIn(format, key string, c *content) *reading {
	if format == formatJSON {
		raw, err := jsonAt(c, key)
		if err == nil && len(raw) > 0 && raw[0] == '{' {
			return loneFlag(raw)
		}
	}
	inner := read(format, key, c)
	text, isText := inner.value.(string)
	if inner.refused != nil || !isText {
		return inner
	}
	return loneFlag([]byte(text))
}
