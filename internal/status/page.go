package status

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	html "html/template"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// A pageData is what the page's template shows. The page needs no other file.
type pageData struct {
	Nonce            string
	NodePrefix       string
	MiddlewarePrefix string
	ValuesHidden     bool
	Report           *statusJSON
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
		"age": age, "ago": ago, "latest": latest, "bars": minuteBars, "spread": propagationBars, "summary": propagationSummary,
		"timeOfDay": timeOfDay, "unlistedNodes": unlistedNodes, "unlistedMiddlewares": unlistedMiddlewares,
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
		ValuesHidden: wanted.hideValues, Report: report,
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

// A bar of a plot, in a view of plotWidth by plotHeight.
type bar struct {
	X, Y, Width, Height float64
	Title               string
}

const (
	plotWidth  = 300.0
	plotHeight = 60.0
)

// barsOf are the bars of a plot whose highest one fills it. A bar is high enough to be
// seen, unless it stands for nothing.
func barsOf(counts []int64, titles []string) []*bar {
	most := int64(1)
	for _, count := range counts {
		if count > most {
			most = count
		}
	}
	var bars []*bar
	step := plotWidth / float64(len(counts))
	for i, count := range counts {
		height := plotHeight * float64(count) / float64(most)
		if count > 0 && height < 2 {
			height = 2
		}
		bars = append(bars, &bar{X: float64(i) * step, Y: plotHeight - height, Width: step * 0.8, Height: height, Title: titles[i]})
	}
	return bars
}

// minuteBars are the changes of the last hour.
func minuteBars(counts []int64) []*bar {
	var titles []string
	for i, count := range counts {
		titles = append(titles, fmt.Sprintf("%d min ago: %d", len(counts)-1-i, count))
	}
	return barsOf(counts, titles)
}

// propagationBars are the changes by how long they took.
func propagationBars(buckets []*bucketJSON) []*bar {
	var counts []int64
	var titles []string
	for _, b := range buckets {
		counts = append(counts, b.Changes)
		titles = append(titles, fmt.Sprintf("%s: %d", boundOf(b), b.Changes))
	}
	return barsOf(counts, titles)
}

// boundOf is a bucket's upper bound in words.
func boundOf(b *bucketJSON) string {
	if b.Milliseconds == 0 {
		return "longer"
	}
	return "up to " + strconv.FormatFloat(b.Milliseconds, 'g', -1, 64) + " ms"
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
