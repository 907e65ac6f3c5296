package zookeeper

import (
	"strconv"
	"strings"
)

// source is where a rule's value comes from.
type source struct {
	cluster string
	places  []place // the first that has a value gives it
	format  string
	key     string
	isFlag  bool
	depends bool // on the request: there are templates among the places

	flagKey      string // what the flag is evaluated as
	missingIsOff bool   // a node that isn't there is a flag that is off
}

// A place is a path; or, where the request has a part in it, a template.
type place struct {
	text     string // as the configuration has it
	path     string
	template *pathTemplate
}

// checkSource reads the list of nodes that a key has, and how many a pattern among
// them may mean.
func checkSource(key string, paths []string, limit int, s *source, f *problemList) {
	for _, path := range paths {
		at := place{text: path, path: path}
		fault := spaceFault(path)
		if fault == "" && strings.ContainsAny(path, "{}") {
			at.template, fault = parsePathTemplate(path, limit)
			s.depends = s.depends || at.template != nil
		} else if fault == "" {
			fault = pathFault(path)
		}
		if fault != "" {
			f.add(key, path, "a node's path "+fault)
		}
		s.places = append(s.places, at)
	}
	if len(paths) == 0 {
		f.add(key, "", "the path of a node is wanted, as in /release/current")
	}
}

// checkLimit reads a maxNodes; 0 stands for none.
func checkLimit(key, text string, fallback int, f *problemList) int {
	if text == "" {
		return fallback
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 1 {
		f.add(key, text, "how many nodes a path with placeholders may mean, from 1 on")
		return fallback
	}
	return n
}

func checkFormat(key string, s *source, f *problemList) {
	switch s.format {
	case "":
		s.format = formatText
	case formatText, formatJSON, formatProperties, formatChildren, formatExists, formatVersion, formatMtime, formatCzxid, formatCount:
	default:
		f.add(key+".format", s.format, "text, json, properties, children, exists, version, mtime, czxid or numChildren")
		return
	}
	keyed := s.format == formatJSON || s.format == formatProperties
	if keyed && s.key == "" {
		f.add(key+".key", s.key, "format "+s.format+" needs the key of the value, as in db.host")
	}
	if !keyed && s.key != "" {
		f.add(key+".key", s.key, "only formats json and properties have a key")
	}
}

// checkFlagSource reads the format of a flag's source, and the key, which names
// a flag in a document, or a place in one of another format.
func checkFlagSource(key string, s *source, f *problemList) {
	s.isFlag = true
	s.flagKey = s.key
	switch s.format {
	case "":
		s.format = formatFlag
	case formatFlag, formatDecider:
	case formatExists:
		s.missingIsOff = true
		readLoneFlag(s)
	case formatJSON, formatProperties:
		if s.key == "" {
			f.add(key+".key", s.key, "format "+s.format+" needs the key of the flag, as in flags.checkout")
		}
		readLoneFlag(s)
	default:
		f.add(key+".format", s.format, "flag, decider, json, properties or exists")
	}
}

// readLoneFlag has a source read a flag out of what its format reads. Such a flag has no
// key of its own.
func readLoneFlag(s *source) {
	s.format = flagFormat(s.format)
	s.flagKey = ""
}

func checkEncoding(key string, h HeaderRule, s *source, f *problemList) {
	switch h.Encoding {
	case "":
		return
	case "base64":
		s.format = encodedFormat(s.format)
	default:
		f.add(key+".encoding", h.Encoding, "base64, or nothing")
	}
	if len(h.Flag) > 0 {
		f.add(key+".encoding", h.Encoding, "a flag's value has no encoding")
	}
}
