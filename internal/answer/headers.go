package answer

import (
	"net/http"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/rules"
)

// A Headers is what is done to the headers of an answer once the service has said all of
// them. Each header is in one of the lists only.
type Headers struct {
	names    []string // headers to set, canonical
	values   [][]string
	hasMore  bool // one of the lists below has something
	removed  []string
	appended []*headerField // behind the service's own
	absent   []*headerField // where the service has none
}

// A headerField is a header with one value.
type headerField struct {
	name  string // canonical
	value string
}

// Copy is the same once more, which may be added to; nil for nil.
func (p *Headers) Copy() *Headers {
	if p == nil {
		return nil
	}
	other := *p
	other.names = append([]string{}, p.names...)
	other.values = append([][]string{}, p.values...)
	other.removed = append([]string{}, p.removed...)
	other.appended = append([]*headerField{}, p.appended...)
	other.absent = append([]*headerField{}, p.absent...)
	return &other
}

// Add adds what a rule does with a value, which is empty for none.
func Add(to *Headers, rule *rules.Header, value string) {
	switch {
	case rule.Mode == rules.ModeAppend || rule.Mode == rules.ModeIfAbsent:
		to.hasMore = true
		addBeside(to, rule, value)
	case value == "":
		to.hasMore = true
		to.removed = append(to.removed, rule.Name)
	default:
		to.names = append(to.names, rule.Name)
		to.values = append(to.values, []string{value})
	}
}

// addBeside is Add for the modes that leave the service's own values.
func addBeside(to *Headers, rule *rules.Header, value string) {
	switch {
	case value == "":
	case rule.Mode == rules.ModeAppend:
		to.appended = append(to.appended, &headerField{name: rule.Name, value: value})
	default:
		to.absent = append(to.absent, &headerField{name: rule.Name, value: value})
	}
}

// applyTo makes the headers of an answer what they are to be.
func applyTo(header http.Header, p *Headers) {
	for i, name := range p.names {
		header[name] = p.values[i]
	}
	if p.hasMore {
		applyRest(header, p)
	}
}

func applyRest(header http.Header, p *Headers) {
	for _, name := range p.removed {
		delete(header, name)
	}
	for _, h := range p.appended {
		header[h.name] = append(header[h.name], h.value)
	}
	for _, h := range p.absent {
		if len(header[h.name]) == 0 {
			header[h.name] = []string{h.value}
		}
	}
}

// Values are the headers of an answer that has none of them by itself, as that of a closed
// gate; none for nil.
func Values(p *Headers) http.Header {
	header := http.Header{}
	if p != nil {
		applyTo(header, p)
	}
	return header
}
