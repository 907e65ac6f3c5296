package value

import (
	"bytes"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
)

// A document is what one format makes of all the data of a node, for whoever asks for keys
// in it. The first who asks parses it. Others wait for that.
//
// Yaegi: a cache leads to contents, and no type that it leads to may lead back to itself as
// well. So the documents of a content are linked by fields of type any.
type document struct {
	format  string
	next    any // the *document of another format, or nil
	once    sync.Once
	value   any   // a *flag.Set, a *jsonTree, *propertyLines or an *ipset.Set
	refused error // why it can't be parsed; nil where it can
}

// documentsMu protects the links between documents. Nothing is parsed while it is held.
var documentsMu sync.Mutex

var (
	errNotParsed    = errors.New("could not be parsed because of a fault in the plugin; the log has more")
	errNoSuchFormat = errors.New("has an unknown format")
)

// smallDocument is the number of bytes up to which a document isn't kept. It takes less to
// parse it again, as there may be one in each of ten thousand nodes.
const smallDocument = 512

// documentOf is the document that a format makes of a content.
func documentOf(c *Content, format string) *document {
	if len(c.Data) <= smallDocument {
		value, err := parseDocument(format, c.Data)
		return &document{value: value, refused: err}
	}
	return keptDocument(c, format, parseDocument)
}

// keptDocument parses a document unless that is done already. Where parsing panics, whoever
// asks later gets an error.
func keptDocument(c *Content, format string, parse func(format string, data []byte) (any, error)) *document {
	d := linkedDocument(c, format)
	d.once.Do(func() {
		d.refused = errNotParsed
		value, err := parse(format, c.Data)
		d.value = value
		d.refused = err
	})
	return d
}

// linkedDocument is the document of a format among those of a content, parsed or not.
func linkedDocument(c *Content, format string) *document {
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
	err := lint.Encoding(data)
	if err != nil {
		return nil, err
	}
	data = bytes.TrimPrefix(data, byteOrderMark)
	switch format {
	case FormatJSON:
		return parseJSON(data)
	case FormatProperties:
		return parseProperties(data)
	case FormatFlag:
		return asDocument(flag.Parse(data))
	case FormatDecider:
		return asDocument(flag.ParseDecider(data))
	case FormatNetworks:
		return parseNetworks(data)
	}
	return nil, errNoSuchFormat
}

// asDocument is a set of flags as any.
//
// Yaegi: results are converted in a function of their own.
func asDocument(set *flag.Set, err error) (any, error) {
	return set, err
}
