package zookeeper

import (
	"errors"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// A document is what one format makes of all the data of a node, for whoever asks
// for keys in it. It is made once, by the first who asks; others wait for that.
//
// Yaegi: a pool leads to contents, and no type that it leads to may lead back to
// itself as well. So the documents of a content are a chain without a type.
type document struct {
	format  string
	next    any // the *document of another format, or nil
	once    sync.Once
	value   any // a *flag.Set, a *jsonTree or *propertyLines
	refused error
}

// documentsMu is for the chains of documents. It is held for as long as it takes to
// add one; nothing is parsed meanwhile.
var documentsMu sync.Mutex

var (
	errNotUTF8      = errors.New("is not valid UTF-8")
	errNotParsed    = errors.New("could not be parsed because of a fault in the plugin; the log has more")
	errNoSuchFormat = errors.New("has an unknown format")
)

// smallDocument is how long a document may be that takes less to parse again than to
// keep, as there may be one in each of ten thousand nodes.
const smallDocument = 512

// parsed is the document of a format. After a panic of what parses it, whoever else
// asks gets an error.
func parsed(c *content, format string) *document {
	if len(c.data) <= smallDocument {
		value, err := parseDocument(format, c.data)
		return &document{value: value, refused: err}
	}
	return parsedBy(c, format, parseDocument)
}

func parsedBy(c *content, format string, parse func(format string, data []byte) (any, error)) *document {
	d := documentOf(c, format)
	d.once.Do(func() {
		d.refused = errNotParsed
		value, err := parse(format, c.data)
		d.value = value
		d.refused = err
	})
	return d
}

func documentOf(c *content, format string) *document {
	documentsMu.Lock()
	defer documentsMu.Unlock()
	if c.documents == nil {
		c.documents = &atomic.Value{}
	}
	first := c.documents.Load()
	for next := first; next != nil; {
		d := next.(*document)
		if d.format == format {
			return d
		}
		next = d.next
	}
	d := &document{format: format, next: first}
	c.documents.Store(d)
	return d
}

func parseDocument(format string, data []byte) (any, error) {
	if !utf8.Valid(data) {
		return nil, errNotUTF8
	}
	switch format {
	case formatJSON:
		return parseJSON(data)
	case formatProperties:
		return parseProperties(data)
	case formatFlag:
		return asDocument(flag.Parse(data))
	case formatDecider:
		return asDocument(flag.ParseDecider(data))
	}
	return nil, errNoSuchFormat
}

func asDocument(set *flag.Set, err error) (any, error) {
	return set, err
}
