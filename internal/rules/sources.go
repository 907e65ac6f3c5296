package rules

import (
	"strconv"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// Source is where the value of a rule or gate comes from.
type Source struct {
	Cluster string  // its name, or ensemble.OnlyCluster
	Places  []Place // the first that has a value gives it
	Format  string  // as in package value
	Key     string  // in a document; empty for the formats that have none
	IsFlag  bool
	Depends bool // on the request, since there are templates among the places

	FlagKey      string // that the flag is evaluated with
	Salt         string // of the flag's shares; empty for the flag's key or the node's path
	MissingIsOff bool   // a node that doesn't exist is a flag that is off
}

// A Place is a node, given by its path or by a template for its path.
type Place struct {
	Text     string // as the configuration has it
	Path     string
	Template *request.PathTemplate // nil for a fixed path
}

// checkSource reads a list of paths, as the key has it. The limit is how many nodes a path
// with placeholders may mean, or 0 for the default.
func checkSource(key string, paths []string, limit int, s *Source, list *problems.List) {
	for _, path := range paths {
		at := Place{Text: path, Path: path}
		if !value.IsPlainPath(path) {
			at.Template = checkPath(key, path, limit, list)
			s.Depends = s.Depends || at.Template != nil
		}
		s.Places = append(s.Places, at)
	}
	if len(paths) == 0 {
		list.Add(key, "", "the path of a node is expected, as in /release/current")
	}
}

// checkPath checks a path. It is the template that the path is; nil for a fixed one.
func checkPath(key, path string, limit int, list *problems.List) *request.PathTemplate {
	var template *request.PathTemplate
	fault := value.SpaceFault(path)
	if fault == "" && strings.ContainsAny(path, "{}") {
		template, fault = request.ParsePathTemplate(path, limit)
	} else if fault == "" {
		fault = value.PathFault(path)
	}
	if fault != "" {
		list.Add(key, path, "a node's path "+fault)
	}
	return template
}

// checkLimit reads a number of nodes; the fallback where there is none.
func checkLimit(key string, given config.Number, fallback int, list *problems.List) int {
	if given == nil || given == "" {
		return fallback
	}
	text := config.Text(given)
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 1 {
		list.Add(key, text, "how many nodes a path with placeholders may match, from 1 on")
		return fallback
	}
	return n
}

// checkFormat reads the format and the key of a header's value.
func checkFormat(key string, s *Source, list *problems.List) {
	switch s.Format {
	case "":
		s.Format = value.FormatText
	case value.FormatText, value.FormatJSON, value.FormatProperties, value.FormatChildren, value.FormatExists, value.FormatVersion, value.FormatMtime, value.FormatCzxid, value.FormatCount:
	default:
		list.Add(key+".format", s.Format, "text, json, properties, children, exists, version, mtime, czxid or numChildren")
		return
	}
	keyed := s.Format == value.FormatJSON || s.Format == value.FormatProperties
	if keyed && s.Key == "" {
		list.Add(key+".key", s.Key, "format "+s.Format+" needs the key of the value, as in db.host")
	}
	if !keyed && s.Key != "" {
		list.Add(key+".key", s.Key, "only formats json and properties have a key")
	}
}

// checkFlagSource reads the format and the key of a flag. The key names the flag in a
// document with several, or its place in a document of another format.
func checkFlagSource(key string, s *Source, list *problems.List) {
	s.IsFlag = true
	s.FlagKey = s.Key
	switch s.Format {
	case "":
		s.Format = value.FormatFlag
	case value.FormatFlag, value.FormatDecider:
	case value.FormatExists:
		s.MissingIsOff = true
		readLoneFlag(s)
	case value.FormatJSON, value.FormatProperties:
		if s.Key == "" {
			list.Add(key+".key", s.Key, "format "+s.Format+" needs the key of the flag, as in flags.checkout")
		}
		readLoneFlag(s)
	default:
		list.Add(key+".format", s.Format, "flag, decider, json, properties or exists")
	}
}

// readLoneFlag makes a source read a flag that stands in what its format reads. Such a flag
// has no key of its own.
func readLoneFlag(s *Source) {
	s.Format = value.FlagFormat(s.Format)
	s.FlagKey = ""
}

// checkEncoding reads the encoding of a header's value.
func checkEncoding(key string, h config.HeaderRule, s *Source, list *problems.List) {
	switch h.Encoding {
	case "":
		return
	case "base64":
		s.Format = value.EncodedFormat(s.Format)
	default:
		list.Add(key+".encoding", h.Encoding, "base64, or nothing")
	}
	if len(h.Flag) > 0 {
		list.Add(key+".encoding", h.Encoding, "a flag's value has no encoding")
	}
}
