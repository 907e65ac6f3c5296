package status

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	html "html/template"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A pageData is what the page's template shows. The page needs no other file.
type pageData struct {
	Nonce            string
	Name             string // the last part of the page's path, which relative links begin with
	NodePrefix       string
	MiddlewarePrefix string
	ValuesHidden     bool
	Report           *statusJSON
	Counts           *pageCounts
}

// A pageCounts is the numbers in the page's summary and navigation.
type pageCounts struct {
	Errors, Warnings, Closed, Connected, Gates, Headers, Variants, Nodes, Refused int
}

func countsOf(report *statusJSON) *pageCounts {
	counts := &pageCounts{}
	for _, p := range report.Problems {
		switch p.Severity {
		case severityError:
			counts.Errors++
		case severityWarning:
			counts.Warnings++
		}
	}
	for _, c := range report.Clusters {
		if c.Session != "" {
			counts.Connected++
		}
		counts.Nodes += c.NodeCount
		counts.Refused += c.RefusedNodes
	}
	for _, m := range report.Middlewares {
		counts.Gates += len(m.Gates)
		counts.Headers += len(m.Headers)
		counts.Variants += len(m.Variants)
		for _, g := range m.Gates {
			if g.Closed {
				counts.Closed++
			}
		}
	}
	return counts
}

var (
	pageOnce sync.Once
	pageText *html.Template
)

// parsedPage is the page's template, parsed when it is first wanted.
func parsedPage() *html.Template {
	pageOnce.Do(parsePage)
	return pageText
}

// parsePage parses the page's template.
//
// Yaegi: in a function literal, functions that are declared further down would have no
// results.
func parsePage() {
	functions := html.FuncMap{
		"age": age, "ago": ago, "latest": latest, "minutes": minuteChart, "spread": propagationChart, "summary": propagationSummary, "groups": nodeGroups,
		"timeOfDay": timeOfDay, "split": strings.Split, "unlistedNodes": unlistedNodes, "unlistedMiddlewares": unlistedMiddlewares,
	}
	pageText = html.Must(html.New("status").Funcs(functions).Parse(pageSource))
}

// servePage answers with the page. Its styles and scripts are allowed by a number that is
// another one each time.
func servePage(w http.ResponseWriter, report *statusJSON, wanted *selection) {
	random := make([]byte, 16)
	_, err := rand.Read(random)
	data := &pageData{
		Nonce: base64.RawURLEncoding.EncodeToString(random), NodePrefix: wanted.nodePrefix, MiddlewarePrefix: wanted.middlewarePrefix,
		Name: wanted.pageName, ValuesHidden: wanted.hideValues, Report: report, Counts: countsOf(report),
	}
	var text bytes.Buffer
	if err == nil {
		err = parsedPage().Execute(&text, data)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", "default-src 'none'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "+
		"style-src 'nonce-"+data.Nonce+"'; script-src 'nonce-"+data.Nonce+"'")
	header.Set("Referrer-Policy", "no-referrer")
	w.Write(text.Bytes())
}

// ago is how long before now a time of the report was, as people say it.
func ago(at, now string) string {
	passed := age(at, now)
	if passed == "0 s" {
		return "now"
	}
	return passed + " ago"
}

// age is how much time passed since a time of the report.
func age(at, now string) string {
	then, err := time.Parse(time.RFC3339, at)
	present, _ := time.Parse(time.RFC3339, now)
	d := present.Sub(then)
	switch {
	case err != nil || d < 0:
		return "0 s"
	case d < time.Minute:
		return strconv.Itoa(int(d/time.Second)) + " s"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + " min"
	case d < 48*time.Hour:
		return strconv.Itoa(int(d/time.Hour)) + " h"
	}
	return strconv.Itoa(int(d/(24*time.Hour))) + " d"
}

// timeOfDay is the time of day of a time of the report.
func timeOfDay(at string) string {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return ""
	}
	return t.Format("15:04:05")
}

// A nodeGroup is nodes that stand together: those of a template, or those that the configuration
// has paths of.
type nodeGroup struct {
	Template *templateJSON // nil for the latter
	Nodes    []*nodeJSON
}

// nodeGroups are the nodes of a cluster, those with paths of their own first. A template without
// listed nodes is there as well.
func nodeGroups(c *clusterJSON) []*nodeGroup {
	own := &nodeGroup{}
	groups := []*nodeGroup{own}
	byTemplate := map[string]*nodeGroup{}
	for _, t := range c.Templates {
		byTemplate[t.Path] = &nodeGroup{Template: t}
		groups = append(groups, byTemplate[t.Path])
	}
	for _, n := range c.Nodes {
		group := byTemplate[n.Template]
		if group == nil {
			group = own
		}
		group.Nodes = append(group.Nodes, n)
	}
	return groups
}

func unlistedNodes(c *clusterJSON) int { return c.NodeCount - len(c.Nodes) - c.TemplateNodes }

func unlistedMiddlewares(r *statusJSON) int { return r.MiddlewareCount - len(r.Middlewares) }

// maxOnPage is how many of the latest changes are on the page; JSON has more.
const maxOnPage = 10

func latest(changes []*changeJSON) []*changeJSON {
	if len(changes) > maxOnPage {
		return changes[:maxOnPage]
	}
	return changes
}

// propagationSummary says how long changes took, in a sentence.
func propagationSummary(buckets []*bucketJSON) string {
	all := int64(0)
	for _, b := range buckets {
		all += b.Changes
	}
	if all == 0 {
		return "No change yet."
	}
	return fmt.Sprintf("%d changes; half took %s, 99 of 100 %s.", all, quantile(buckets, (all+1)/2), quantile(buckets, all-all/100))
}

// quantile is the bound of the bucket that has the change of a rank in it, counted from
// the fastest.
func quantile(buckets []*bucketJSON, rank int64) string {
	seen := int64(0)
	for _, b := range buckets {
		seen += b.Changes
		if seen >= rank {
			return boundOf(b)
		}
	}
	return "longer"
}
