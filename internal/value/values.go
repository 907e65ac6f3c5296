// Package value makes values of what nodes hold: texts for headers, flags, and pages. It
// also knows what a header may hold, and which paths nodes can have.
package value

import (
	"bytes"
	"encoding/base64"
	"sort"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
)

// The formats say what to make of a node. They are named as in the configuration, but for
// FormatNames, FormatPage, FormatNetworks and FormatFlags.
const (
	FormatText       = "text"        // all of its data
	FormatJSON       = "json"        // the value at a key in a JSON document
	FormatProperties = "properties"  // the value of a key in a document of Java's properties
	FormatNames      = "names"       // the names of its children, sorted, as a list
	FormatChildren   = "children"    // the names of its children, sorted and joined by commas
	FormatExists     = "exists"      // true where it exists
	FormatPage       = "page"        // all of its data, as the body of an answer
	FormatNetworks   = "networks"    // a list of addresses and networks
	FormatVersion    = "version"     // the number of changes of its data
	FormatMtime      = "mtime"       // when its data was changed last, in milliseconds of Unix time
	FormatCzxid      = "czxid"       // the transaction that created it
	FormatCount      = "numChildren" // the number of its children
)

// inBase64 ends the formats whose text is encoded.
const inBase64 = " in base64"

// EncodedFormat is a format whose text is encoded in base64, so that a header can hold
// anything.
func EncodedFormat(format string) string { return format + inBase64 }

// ReadsExistence tells whether a format is about whether a node exists.
func ReadsExistence(format string) bool {
	return strings.TrimSuffix(format, inBase64) == FormatExists
}

// ListsChildren tells whether a format is about a node's children, not its data.
func ListsChildren(format string) bool {
	format = strings.TrimSuffix(format, inBase64)
	return format == FormatChildren || format == FormatCount || format == FormatNames
}

// Content is what was read of a node at one time.
type Content struct {
	Exists   bool
	Denied   error    // why its data can't be read, though it exists; nil where it can
	Data     []byte   // nil where it isn't read
	Children []string // the names of its children, in any order; nil where they aren't read
	Stat     *zk.Stat // nil where it doesn't exist
	Version  int64    // the transaction that wrote it
	Number   int64    // counts all contents that a cache has published, in their order
	// documents holds the first *document that was made of the data. It is nil until one is
	// needed.
	documents *atomic.Value
}

// Reading is what a format makes of a content. Without a value and without a refusal, there
// is no value.
type Reading struct {
	Value   any   // a string for a header, a *flag.Set for flags, []byte for a page, []string for names, an *ipset.Set for networks; nil where there is none
	Refused error // what is wrong with the content, as in "is longer than 8 KiB"; nil where nothing is

	Findings []*flag.Finding // what is wrong or suspicious in a flag, which is served all the same unless it is refused
}

// Read makes a value of a content. The key is empty for the formats that have none. A value
// for a header can be its value as it is.
//
// Yaegi: it is called for each node, so it takes plain arguments instead of a struct, and
// most nodes, whose data is a plain text, need only this short function. A function costs by
// its length, even where it returns at its beginning.
func Read(format, key string, c *Content) *Reading {
	if format == FormatText && c.Denied == nil && len(c.Data) <= longestHeader && plainHeader.Match(c.Data) {
		return &Reading{Value: string(c.Data)}
	}
	return readAny(format, key, c)
}

// readAny is Read for any content and any format.
func readAny(format, key string, c *Content) *Reading {
	if !c.Exists {
		return &Reading{}
	}
	if c.Denied != nil && !needsNoData(format) {
		return &Reading{Refused: c.Denied}
	}
	if strings.HasPrefix(format, inFormat) {
		return readFlagIn(strings.TrimPrefix(format, inFormat), key, c)
	}
	switch format {
	case FormatText:
		return headerReading(plainText(c.Data))
	case FormatFlag, FormatDecider:
		return flagReading(format, key, c)
	case FormatFlags:
		return flagsReading(c)
	case FormatPage:
		return &Reading{Value: c.Data}
	case FormatNames:
		return &Reading{Value: sortedNames(c.Children)}
	case FormatNetworks:
		return networksReading(c)
	}
	text, err := textIn(strings.TrimSuffix(format, inBase64), key, c)
	if err == nil && strings.HasSuffix(format, inBase64) {
		return headerReading(encoded(text))
	}
	return headerReading(text, err)
}

// plainText is data as a text, without the white space around it. It checks the length and the encoding only.
func plainText(data []byte) (string, error) {
	text := bytes.Trim(bytes.TrimPrefix(data, byteOrderMark), whiteSpace)
	if len(text) > longestHeader {
		return "", errTooLong
	}
	return string(text), lint.Encoding(text)
}

// textIn is the text that a format makes of a content, before it is checked or encoded for a
// header. The formats of flags and pages make none.
func textIn(format, key string, c *Content) (string, error) {
	switch format {
	case FormatText:
		return wholeText(c.Data)
	case FormatJSON:
		return fromJSON(c, key)
	case FormatProperties:
		return fromProperties(c, key)
	case FormatChildren:
		return joinChildren(c.Children)
	case FormatExists:
		return "true", nil
	case FormatVersion, FormatMtime, FormatCzxid, FormatCount:
		return strconv.FormatInt(statOf(format, c.Stat), 10), nil
	}
	return "", errNoSuchFormat
}

// needsNoData tells whether a format goes without a node's data.
func needsNoData(format string) bool {
	switch format {
	case FormatExists, inFormat + FormatExists, FormatVersion, FormatMtime, FormatCzxid, FormatCount:
		return true
	}
	return false
}

// statOf is the number of a node's stat that a format is about.
func statOf(format string, stat *zk.Stat) int64 {
	switch format {
	case FormatVersion:
		return int64(stat.Version)
	case FormatMtime:
		return stat.Mtime
	case FormatCzxid:
		return stat.Czxid
	}
	return int64(stat.NumChildren)
}

// wholeText is data with all of its white space, unless it is too long in any encoding.
func wholeText(data []byte) (string, error) {
	if len(data) > longestHeader {
		return "", errTooLong
	}
	return string(data), nil
}

// encoded is any text as base64.
func encoded(text string) (string, error) {
	if base64.StdEncoding.EncodedLen(len(text)) > longestHeader {
		return "", errTooLong
	}
	return base64.StdEncoding.EncodeToString([]byte(text)), nil
}

// headerReading is the reading of a text, or an error, for a header. An empty text is no
// value.
func headerReading(text string, err error) *Reading {
	if err != nil {
		return &Reading{Refused: err}
	}
	text, err = HeaderText(text)
	if err != nil {
		return &Reading{Refused: err}
	}
	if text == "" {
		return &Reading{}
	}
	return &Reading{Value: text}
}

// joinChildren sorts and joins names. It doesn't sort more of them than a header can hold.
func joinChildren(names []string) (string, error) {
	joined := strings.Join(names, ",")
	if len(joined) > longestHeader {
		return "", errTooLong
	}
	return strings.Join(sortedNames(names), ","), nil
}

func sortedNames(names []string) []string {
	sorted := append([]string{}, names...)
	sort.Strings(sorted)
	return sorted
}
