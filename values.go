package zookeeper

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-zookeeper/zk"
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
	formatVersion    = "version"
	formatMtime      = "mtime"
	formatCzxid      = "czxid"
	formatCount      = "numChildren"
)

// inBase64 ends formats whose text is encoded, so that a header can hold anything.
const inBase64 = " in base64"

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
	if !utf8.Valid(c.data) && !needsNoData(format) && format != formatPage && format != formatText+inBase64 {
		return &reading{refused: errors.New("is not valid UTF-8")}
	}
	if strings.HasSuffix(format, inBase64) {
		return encoded(strings.TrimSuffix(format, inBase64), key, c)
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
	case formatVersion, formatMtime, formatCzxid, formatCount:
		return &reading{value: strconv.FormatInt(statOf(format, c.stat), 10)}
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

// encoded reads a text, whatever is in it, as base64.
func encoded(format, key string, c *content) *reading {
	text := string(c.data)
	var err error
	switch format {
	case formatJSON:
		text, err = fromJSON(c.data, key)
	case formatProperties:
		text, err = fromProperties(c.data, key)
	case formatChildren:
		text = joinChildren(c.children)
	}
	return headerReading(base64.StdEncoding.EncodeToString([]byte(text)), err)
}

// flagIn reads a flag out of what another format reads. In JSON it may be a
// definition, as an object.
func flagIn(format, key string, c *content) *reading {
	if format == formatJSON {
		value, err := jsonAt(c.data, key)
		definition, isObject := value.(map[string]any)
		if err == nil && isObject {
			text, err := json.Marshal(definition)
			if err != nil {
				return &reading{refused: err}
			}
			return flagReading(string(text), "", flag.Parse)
		}
	}
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

// Yaegi: a compiled expression looks at all bytes in the time that a loop takes
// for two.
var noHeader = regexp.MustCompile(`[\x00-\x08\x0a-\x1f\x7f]`)

// plainHeader matches most of the texts that can be a header's value as they are.
var plainHeader = regexp.MustCompile(`^[!-~]([ -~]*[!-~])?$`)

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
	if noHeader.MatchString(text) {
		return "", errors.New("has a line break or another control character, which no header can hold")
	}
	if !utf8.ValidString(text) {
		return "", errors.New("is not valid UTF-8")
	}
	return text, nil
}
