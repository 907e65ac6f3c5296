package zookeeper

import (
	"bytes"
	"encoding/base64"
	"sort"
	"strconv"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"github.com/go-zookeeper/zk"
)

// The formats: what a reader makes of a node.
const (
	formatText       = "text"
	formatJSON       = "json"
	formatProperties = "properties"
	formatChildren   = "children"
	formatExists     = "exists"
	formatPage       = "page" // the body of an answer
	formatVersion    = "version"
	formatMtime      = "mtime"
	formatCzxid      = "czxid"
	formatCount      = "numChildren"
)

// inBase64 ends formats whose text is encoded, so that a header can hold anything.
const inBase64 = " in base64"

// encodedFormat is a format whose text is encoded in base64.
func encodedFormat(format string) string { return format + inBase64 }

// readsExistence tells whether a format is about whether a node is there.
func readsExistence(format string) bool {
	return strings.TrimSuffix(format, inBase64) == formatExists
}

// listsChildren tells whether a format is about a node's children, not its data.
func listsChildren(format string) bool {
	format = strings.TrimSuffix(format, inBase64)
	return format == formatChildren || format == formatCount
}

// content is what was read of a node, once.
type content struct {
	exists   bool
	denied   error // why what it holds can't be read, though it exists
	data     []byte
	children []string
	stat     *zk.Stat // nil where it doesn't exist
	version  int64    // the transaction that wrote it
	number   int64    // of all contents that the pool has published, in their order
	// documents has the first *document that was made of the data; it is nil until one
	// is needed.
	documents *atomic.Value
}

// reading is what a format makes of a node's content: a value, or none, or a
// refusal of what stands there.
type reading struct {
	value   any // a string for headers, a *flag.Set for flags, bytes for pages; nil where there is none
	refused error
}

// read is readAny, with little to do where a node has a plain text.
//
// Yaegi: a function costs by its length, even where it returns at its beginning.
func read(format, key string, c *content) *reading {
	if format == formatText && c.denied == nil && len(c.data) <= longestHeader && plainHeader.Match(c.data) {
		return &reading{value: string(c.data)}
	}
	return readAny(format, key, c)
}

func readAny(format, key string, c *content) *reading {
	if !c.exists {
		return &reading{}
	}
	if c.denied != nil && !needsNoData(format) {
		return &reading{refused: c.denied}
	}
	if strings.HasPrefix(format, inFormat) {
		return readFlagIn(strings.TrimPrefix(format, inFormat), key, c)
	}
	switch format {
	case formatText:
		return headerReading(plainText(c.data))
	case formatFlag, formatDecider:
		return flagReading(format, key, c)
	case formatPage:
		return &reading{value: c.data}
	}
	text, err := textIn(strings.TrimSuffix(format, inBase64), key, c)
	if err == nil && strings.HasSuffix(format, inBase64) {
		return headerReading(encoded(text))
	}
	return headerReading(text, err)
}

// plainText is a node's data as a text, if it can be a header's value by its length.
func plainText(data []byte) (string, error) {
	text := bytes.Trim(data, " \t")
	if len(text) > longestHeader {
		return "", errTooLong
	}
	if !utf8.Valid(text) {
		return "", errNotUTF8
	}
	return string(text), nil
}

// textIn is what a format other than those of flags makes of a node, before anything
// is asked of the text.
func textIn(format, key string, c *content) (string, error) {
	switch format {
	case formatText:
		return wholeText(c.data)
	case formatJSON:
		return fromJSON(c, key)
	case formatProperties:
		return fromProperties(c, key)
	case formatChildren:
		return joinChildren(c.children)
	case formatExists:
		return "true", nil
	case formatVersion, formatMtime, formatCzxid, formatCount:
		return strconv.FormatInt(statOf(format, c.stat), 10), nil
	}
	return "", errNoSuchFormat
}

func needsNoData(format string) bool {
	switch format {
	case formatExists, inFormat + formatExists, formatVersion, formatMtime, formatCzxid, formatCount:
		return true
	}
	return false
}

func statOf(format string, stat *zk.Stat) int64 {
	switch format {
	case formatVersion:
		return int64(stat.Version)
	case formatMtime:
		return stat.Mtime
	case formatCzxid:
		return stat.Czxid
	}
	return int64(stat.NumChildren)
}

// wholeText is a node's data, with all white space, if it isn't too long in any encoding.
func wholeText(data []byte) (string, error) {
	if len(data) > longestHeader {
		return "", errTooLong
	}
	return string(data), nil
}

// encoded is a text, whatever is in it, as base64.
func encoded(text string) (string, error) {
	if base64.StdEncoding.EncodedLen(len(text)) > longestHeader {
		return "", errTooLong
	}
	return base64.StdEncoding.EncodeToString([]byte(text)), nil
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

// joinChildren sorts names only where they are few enough for a header.
func joinChildren(names []string) (string, error) {
	joined := strings.Join(names, ",")
	if len(joined) > longestHeader {
		return "", errTooLong
	}
	sorted := append([]string{}, names...)
	sort.Strings(sorted)
	return strings.Join(sorted, ","), nil
}
