package zookeeper

// Templates never see what a client sends in a header that the plugin manages. Where
// the plugin's own value depends on the request as well, or there is none, a
// placeholder for such a header has no value in any request. A configuration alone
// tells that, so it is a mistake.

// A headerReader is a template of the configuration.
type headerReader struct {
	key   string
	text  string
	names []string // of the headers that it reads
}

func checkReaders(c *Config, r *rules, f *problemList) {
	unseen := hiddenHeaders(r)
	if len(unseen) == 0 {
		return
	}
	for _, reader := range readersOf(c, r) {
		for _, name := range reader.names {
			if unseen[name] != "" {
				f.add(reader.key, reader.text, "{header."+name+"} never has a value: "+unseen[name]+
					", so what the client sends in it is not seen; take the value from another header, or use another name there")
			}
		}
	}
}

// hiddenHeaders tells, by canonical name, why templates find no value in a header.
func hiddenHeaders(r *rules) map[string]string {
	unseen := map[string]string{}
	if r.decisionHeader != "" {
		hideHeader(unseen, r.decisionHeader, cgiAliases(r.decisionHeader), "decisionHeader has this name, or one that services can't tell from it")
	}
	for _, g := range r.gates {
		if g.bypass != nil && g.bypass.header != nil {
			name := g.bypass.header.name
			hideHeader(unseen, name, cgiAliases(name), "a bypass takes it from the request")
		}
	}
	for i, rule := range r.headers {
		if rule.response {
			continue
		}
		hideHeader(unseen, "", rule.aliases, "requestHeaders"+index(i)+" sets "+rule.name+", which services can't tell from it")
		switch {
		case rule.mode == modeRemove:
			hideHeader(unseen, rule.name, nil, "requestHeaders"+index(i)+" removes it")
		case rule.mode == modeSet && rule.source.depends:
			hideHeader(unseen, rule.name, nil, "requestHeaders"+index(i)+" sets it for each request")
		}
	}
	return unseen
}

func hideHeader(unseen map[string]string, name string, others []string, why string) {
	for _, other := range others {
		unseen[other] = why
	}
	if name != "" {
		unseen[name] = why
	}
}

// readersOf are all templates: those of paths, and those of the evaluation context.
func readersOf(c *Config, r *rules) []headerReader {
	var readers []headerReader
	for i, rule := range r.headers {
		key := "requestHeaders" + index(i)
		if rule.response {
			key = "responseHeaders" + index(i-len(c.RequestHeaders))
		}
		member := ".path"
		if rule.source != nil && rule.source.isFlag {
			member = ".flag"
		}
		readers = append(readers, readersIn(key+member, rule.source)...)
	}
	for i, g := range r.gates {
		readers = append(readers, readersIn("gates"+index(i)+".path", g.source)...)
	}
	for _, name := range sortedKeys(r.context) {
		key := "context." + name
		text := c.Context[name]
		if name == targetingKey && c.TargetingKey != "" {
			key = "targetingKey"
			text = c.TargetingKey
		}
		readers = append(readers, headerReader{key: key, text: text, names: headersReadBy(r.context[name])})
	}
	return readers
}

func readersIn(key string, s *source) []headerReader {
	var readers []headerReader
	if s == nil {
		return nil
	}
	for _, at := range s.places {
		if at.template != nil {
			readers = append(readers, headerReader{key: key, text: at.text, names: headersIn(at.template.parts)})
		}
	}
	return readers
}
