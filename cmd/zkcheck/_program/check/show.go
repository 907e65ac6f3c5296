package check

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"github.com/go-zookeeper/zk"
	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// A rule is a part of a configuration that reads nodes.
type rule struct {
	name    string
	paths   []string
	cluster string
	lists   bool // the names of the children, not the data

	strategy *zookeeper.IPStrategy // that finds the client's address in the paths
}

func rulesOf(c *zookeeper.Config) []rule {
	var rules []rule
	headers := func(key string, all []zookeeper.HeaderRule) {
		for i, h := range all {
			if h.Mode != "remove" {
				rules = append(rules, rule{fmt.Sprintf("%s[%d] %s", key, i, h.Name), slices.Concat(h.Path, h.Flag), h.Cluster, h.Format == "children", c.IPStrategy})
			}
		}
	}
	headers("requestHeaders", c.RequestHeaders)
	headers("responseHeaders", c.ResponseHeaders)
	for i, g := range c.Gates {
		paths := slices.Concat(g.Path, g.BodyPath)
		if g.Bypass != nil {
			paths = slices.Concat(paths, g.Bypass.IPsPath)
		}
		rules = append(rules, rule{fmt.Sprintf("gates[%d]", i), paths, g.Cluster, false, c.IPStrategy})
	}
	return rules
}

// show tells what a middleware reads and what it does with the request.
func (c *connected) show(ctx context.Context, name string) {
	config := c.configs[name]
	fmt.Fprintf(c.out, "\nmiddleware %s\n", name)
	if len(c.unmet) == 0 {
		c.send(c.instances[name].dry) // all nodes are read before complaints are muted
	}
	for _, r := range rulesOf(config) {
		cluster := c.clusterOf(r)
		if c.unmet[cluster] != nil {
			fmt.Fprintf(c.out, "  not tried, without a session with cluster %s\n", cluster)
			return
		}
		fmt.Fprintf(c.out, "  %s\n", r.name)
		for _, path := range r.paths {
			path = strings.TrimSpace(path)
			fmt.Fprintf(c.out, "    %s: %s\n", path, c.value(ctx, r, cluster, path))
		}
	}
	dry := c.send(c.instances[name].dry)
	for i, decision := range decisions(dry.header.Get(config.DecisionHeader), len(config.Gates)) {
		if word, rest, _ := strings.Cut(decision, ";"); word == "dry-run" && !config.DryRun && !config.Gates[i].DryRun {
			decision = "block;" + rest
		}
		fmt.Fprintf(c.out, "  gates[%d] decides: %s\n", i, decision)
	}
	c.showAnswer(config, c.send(c.instances[name].real))
}

func (c *connected) showAnswer(config *zookeeper.Config, got *outcome) {
	r := c.o.request
	fmt.Fprintf(c.out, "  %s http://%s%s", r.Method, r.Host, r.RequestURI)
	if got.header == nil {
		fmt.Fprintf(c.out, " is answered: %d %s\n", got.answer.Code, http.StatusText(got.answer.Code))
		return
	}
	fmt.Fprintln(c.out, " passes")
	for _, h := range config.RequestHeaders {
		fmt.Fprintf(c.out, "    %s: %s\n", h.Name, valueOf(got.header.Values(h.Name)))
	}
	for _, h := range config.ResponseHeaders {
		fmt.Fprintf(c.out, "    response %s: %s\n", h.Name, valueOf(got.answer.Header().Values(h.Name)))
	}
}

func valueOf(values []string) string {
	if len(values) == 0 {
		return "(none)"
	}
	return strings.Join(values, " | ")
}

// value is what a path has now.
func (c *connected) value(ctx context.Context, r rule, cluster, path string) string {
	if strings.Contains(path, "{") {
		return c.valueForRequest(ctx, r.strategy, cluster, path)
	}
	h := c.handles[cluster]
	if r.lists {
		names, stat, err := h.Children(path, nil)
		return told([]byte(strings.Join(names, ",")), stat, err)
	}
	data, stat, err := h.Get(path, nil)
	return told(data, stat, err)
}

func told(data []byte, stat *zk.Stat, err error) string {
	switch {
	case errors.Is(err, zk.ErrNoNode):
		return "no node"
	case err != nil:
		return err.Error()
	}
	return fmt.Sprintf("%s (version %d, of %s)", shown(string(data)), stat.Version, time.UnixMilli(stat.Mtime).Format(time.DateTime))
}

const longest = 200

func shown(text string) string {
	if len(text) > longest {
		return fmt.Sprintf("%q... %d bytes", text[:longest], len(text))
	}
	return fmt.Sprintf("%q", text)
}

// valueForRequest is what a path with placeholders has for the request: the plugin
// finds the node, and gives it as a header.
func (c *connected) valueForRequest(ctx context.Context, strategy *zookeeper.IPStrategy, cluster, path string) string {
	c.complaints.mute(true) // of what the header can't hold
	defer c.complaints.mute(false)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	h, err := zookeeper.New(ctx, service(), &zookeeper.Config{
		RequestHeaders: []zookeeper.HeaderRule{{Name: "X-Value", Path: []string{path}, Encoding: "base64", Cluster: cluster}},
		StartupTimeout: c.o.timeout.String(), IPStrategy: strategy,
	}, "zkcheck")
	if err != nil {
		return err.Error()
	}
	value, err := base64.StdEncoding.DecodeString(c.send(h).header.Get("X-Value"))
	switch {
	case err != nil:
		return err.Error()
	case len(value) == 0:
		return "no value for this request"
	}
	return shown(string(value)) + " for this request"
}

// An outcome is what became of a request: the headers that reached the service, nil
// where it did not, and the answer.
type outcome struct {
	header http.Header
	answer *httptest.ResponseRecorder
}

type outcomeKey struct{}

// service notes what reaches it.
func service() http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		r.Context().Value(outcomeKey{}).(*outcome).header = r.Header
	})
}

func (c *connected) send(h http.Handler) *outcome {
	got := &outcome{answer: httptest.NewRecorder()}
	h.ServeHTTP(got.answer, c.o.request.Clone(context.WithValue(context.Background(), outcomeKey{}, got)))
	return got
}

// decisions are the first ones in a decision header: those of the gates.
func decisions(text string, gates int) []string {
	var all []string
	start, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] == '"':
			quoted = !quoted
		case text[i] == ',' && !quoted:
			all = append(all, strings.TrimSpace(text[start:i]))
			start = i + 1
		}
	}
	all = append(all, strings.TrimSpace(text[start:]))
	return all[:min(gates, len(all))]
}
