package zookeeper

import (
	"errors"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// The formats: what a reader makes of a node.
const (
	formatText       = "text"
	formatJSON       = "json"
	formatProperties = "properties"
	formatChildren   = "children"
	formatExists     = "exists"
	formatPage       = "page" // the body of an answer
)

// content is what was read of a node, once.
type content struct {
	exists   bool
	denied   error // why what it holds can't be read, though it exists
	data     []byte
	children []string
	version  int64 // the transaction that wrote it
}

// reading is what a format makes of a node's content: a value, or none, or a
// refusal of what stands there.
type reading struct {
	value   any // a string for headers, a *flag.Set for flags, bytes for pages; nil where there is none
	refused error
}

func read(format, key string, c *content) *reading {
	if !c.exists {
		return &reading{}
	}
	if c.denied != nil && !needsNoData(format) {
		return &reading{refused: c.denied}
	}
	if !utf8.Valid(c.data) && !needsNoData(format) && format != formatPage {
		return &reading{refused: errors.New("is not valid UTF-8")}
	}
	if strings.HasPrefix(format, inFormat) {
		return flagIn(strings.TrimPrefix(format, inFormat), key, c)
	}
	switch format {
	case formatText:
		return headerReading(string(c.data), nil)
	case formatJSON:
		return headerReading(fromJSON(c.data, key))
	case formatProperties:
		return headerReading(fromProperties(c.data, key))
	case formatChildren:
		return headerReading(joinChildren(c.children), nil)
	case formatExists:
		return &reading{value: "true"}
	case formatFlag:
		return flagReading(string(c.data), key, flag.Parse)
	case formatDecider:
		return flagReading(string(c.data), key, flag.ParseDecider)
	case formatPage:
		return &reading{value: c.data}
	}
	return &reading{refused: errors.New("has the unknown format " + format)}
}

func needsNoData(format string) bool {
	return format == formatExists || format == inFormat+formatExists
}

// flagIn reads a flag out of what another format reads.
func flagIn(format, key string, c *content) *reading {
	inner := read(format, key, c)
	text, isText := inner.value.(string)
	if inner.refused != nil || !isText {
		return inner
	}
	return flagReading(text, "", flag.Parse)
}

func headerReading(text string, err error) *reading {
	if err != nil {
		return &reading{refused: err}
	}
	text, err = headerText(text)
	if err != nil {
		return &reading{refused: err}
	}
	if text == "" {
		return &reading{}
	}
	return &reading{value: text}
}

func joinChildren(names []string) string {
	sorted := append([]string{}, names...)
	sort.Strings(sorted)
	return strings.Join(sorted, ",")
}

const longestHeader = 8 << 10

// headerText checks that a text can be a header's value, and takes the white
// space off its ends, which would not survive the way.
func headerText(text string) (string, error) {
	text = strings.Trim(text, " \t")
	if len(text) > longestHeader {
		return "", errors.New("is longer than 8 KiB")
	}
	if strings.TrimRight(text, "\r\n") != text {
		return "", errors.New("ends with a line break, which no header can hold; write it without (printf, not echo)")
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c < ' ' && c != '\t' || c == 0x7f {
			return "", errors.New("has a line break or another control character, which no header can hold")
		}
	}
	if !utf8.ValidString(text) {
		return "", errors.New("is not valid UTF-8")
	}
	return text, nil
}
