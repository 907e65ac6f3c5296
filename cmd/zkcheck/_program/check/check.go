package check

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// A report is what there is to say of the files. Its JSON is documented, and stays as it is.
type report struct {
	Sound       bool               `json:"sound"`
	Findings    []finding          `json:"findings"`
	Middlewares []middlewareReport `json:"middlewares"`
}

// A finding is a mistake.
type finding struct {
	Kind    string `json:"kind"` // middleware or router
	Name    string `json:"name"`
	File    string `json:"file,omitempty"` // of a middleware
	Message string `json:"message"`
}

type middlewareReport struct {
	Name            string `json:"name"`
	File            string `json:"file"`
	Sound           bool   `json:"sound"`
	Clusters        int    `json:"clusters"`
	RequestHeaders  int    `json:"requestHeaders"`
	ResponseHeaders int    `json:"responseHeaders"`
	Gates           int    `json:"gates"`

	hasStatusPage bool
}

// check finds what is wrong with each middleware, with all of them together, and with routers.
func check(s *site) *report {
	r := &report{Findings: []finding{}, Middlewares: []middlewareReport{}}
	faults := zookeeper.CheckAll(s.configs)
	for name, err := range s.unattached() {
		if faults[name] == nil {
			faults[name] = err
		}
	}
	for _, name := range lists.SortedKeys(s.configs) {
		m := middlewareReport{Name: name, File: s.files[name], Sound: faults[name] == nil}
		if m.Sound {
			config, _ := zookeeper.Read(s.configs[name])
			m.Clusters, m.RequestHeaders, m.ResponseHeaders, m.Gates = len(config.Clusters), len(config.RequestHeaders), len(config.ResponseHeaders), len(config.Gates)
			m.hasStatusPage = config.StatusPath != ""
		} else {
			r.Findings = append(r.Findings, finding{"middleware", name, m.File, faults[name].Error()})
		}
		r.Middlewares = append(r.Middlewares, m)
	}
	r.Findings = append(r.Findings, slices.Concat(s.misspelt, s.chainFaults(), s.routerFaults())...)
	r.Sound = len(r.Findings) == 0
	return r
}

func (r *report) writeJSON(out io.Writer) {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	encoder.Encode(r)
}

func (r *report) print(out io.Writer) {
	faulty := 0
	for _, m := range r.Middlewares {
		if m.Sound {
			fmt.Fprintf(out, "middleware %s: sound: %s\n", m.Name, m.describe())
		} else {
			faulty++
		}
	}
	for _, f := range r.Findings {
		fmt.Fprintf(out, "%s %s: %s\n", f.Kind, f.Name, f.Message)
	}
	if faulty > 0 {
		fmt.Fprintf(out, "%s of %d with faults\n", count(faulty, "middleware"), len(r.Middlewares))
	}
}

func (m *middlewareReport) describe() string {
	var parts []string
	for _, part := range []struct {
		n    int
		noun string
	}{{m.Clusters, "cluster"}, {m.RequestHeaders, "request header"}, {m.ResponseHeaders, "response header"}, {m.Gates, "gate"}} {
		if part.n > 0 {
			parts = append(parts, count(part.n, part.noun))
		}
	}
	if m.hasStatusPage {
		parts = append(parts, "a status page")
	}
	if len(parts) == 0 {
		return "it does nothing"
	}
	return strings.Join(parts, ", ")
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
