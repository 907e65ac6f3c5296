package rules

import (
	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
)

// Templates never see what a client sends in a header that the plugin manages. They see the
// plugin's own value. Where that depends on the request, or there is none, a placeholder for
// the header has no value in any request. The configuration alone shows that, so it is a
// mistake.

// A headerReader is a template in the configuration.
type headerReader struct {
	key   string
	text  string
	names []string // of the headers that it reads, canonical
}

// checkReaders refuses the templates that read a header which has no value in any request.
func checkReaders(c *config.Config, r *Rules, list *problems.List) {
	unseen := hiddenHeaders(r)
	if len(unseen) == 0 {
		return
	}
	for _, reader := range readersOf(c, r) {
		for _, name := range reader.names {
			if unseen[name] != "" {
				list.Add(reader.key, reader.text, "{header."+name+"} never has a value: "+unseen[name]+
					", so what the client sends in it is not seen; take the value from another header, or use another name there")
			}
		}
	}
}

// hiddenHeaders says why templates find no value in a header, by its canonical name.
func hiddenHeaders(r *Rules) map[string]string {
	unseen := map[string]string{}
	if r.DecisionHeader != "" {
		hideHeaders(unseen, withAliases(r.DecisionHeader), "decisionHeader has this name, or one that services can't tell from it")
	}
	for _, g := range r.Gates {
		if g.Bypass != nil && g.Bypass.Header != nil {
			hideHeaders(unseen, withAliases(g.Bypass.Header.Name), "a bypass takes it from the request")
		}
	}
	for i, rule := range r.Headers {
		if rule.Response {
			continue
		}
		hideHeaders(unseen, rule.Aliases, "requestHeaders"+problems.Index(i)+" sets "+rule.Name+", which services can't tell from it")
		switch {
		case rule.Mode == modeRemove:
			hideHeaders(unseen, []string{rule.Name}, "requestHeaders"+problems.Index(i)+" removes it")
		case rule.Mode == ModeSet && rule.Source.Depends:
			hideHeaders(unseen, []string{rule.Name}, "requestHeaders"+problems.Index(i)+" sets it for each request")
		}
	}
	return unseen
}

// hideHeaders notes why some headers are hidden. A header keeps the reason that comes last.
func hideHeaders(unseen map[string]string, names []string, why string) {
	for _, name := range names {
		unseen[name] = why
	}
}

// withAliases is a name together with its aliases.
func withAliases(name string) []string { return append(CGIAliases(name), name) }

// readersOf are all templates of a configuration: those of paths, and those of the evaluation
// context.
func readersOf(c *config.Config, r *Rules) []headerReader {
	var readers []headerReader
	for i, rule := range r.Headers {
		key := "requestHeaders" + problems.Index(i)
		if rule.Response {
			key = "responseHeaders" + problems.Index(i-len(c.RequestHeaders))
		}
		member := ".path"
		if rule.Source != nil && rule.Source.IsFlag {
			member = ".flag"
		}
		readers = append(readers, readersIn(key+member, rule.Source)...)
	}
	for i, g := range r.Gates {
		readers = append(readers, readersIn("gates"+problems.Index(i)+".path", g.Source)...)
	}
	for _, name := range lists.SortedKeys(r.Context) {
		key := "context." + name
		text := c.Context[name]
		if name == request.TargetingKey && c.TargetingKey != "" {
			key = "targetingKey"
			text = c.TargetingKey
		}
		readers = append(readers, headerReader{key: key, text: text, names: request.HeadersReadBy(r.Context[name])})
	}
	return readers
}

// readersIn are the templates among the paths of a source; none for nil.
func readersIn(key string, s *Source) []headerReader {
	var readers []headerReader
	if s == nil {
		return nil
	}
	for _, at := range s.Places {
		if at.Template != nil {
			readers = append(readers, headerReader{key: key, text: at.Text, names: request.HeadersReadByPath(at.Template)})
		}
	}
	return readers
}
