package status

import (
	"context"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// visibleRows are the heads of the rows that are to be seen.
const visibleRows = `[...document.querySelectorAll("#status tbody th")].filter(e => e.checkVisibility()).map(e => e.innerText)`

// filters: rows are filtered while somebody types, folded ones too, and stay so when the page is
// refreshed, or opened again at its address.
func filters(t *testing.T, s *stage, browser context.Context) {
	tab := open(t, browser, desktop, true, s.url)
	tab.do(chromedp.SendKeys("#filter", "X-theme", chromedp.ByQuery))
	if got := ask[[]string](tab, visibleRows); !slices.Equal(got, []string{"X-Theme", "/flags/theme"}) {
		t.Errorf("the rows are %q", got)
	}
	if got := ask[[]string](tab, `[...document.querySelectorAll("#status > section")].filter(e => e.checkVisibility()).map(e => e.querySelector("h2").id)`); !slices.Equal(got, []string{"headers", "variants"}) {
		t.Errorf("the sections are %q", got)
	}
	tab.do(chromedp.SendKeys("#filter", kb.Escape, chromedp.ByQuery), chromedp.SendKeys("#filter", "main GLOBEX", chromedp.ByQuery))
	folded := []string{"/tenants/globex"}
	if got := ask[[]string](tab, visibleRows); !slices.Equal(got, folded) {
		t.Errorf("the rows are %q", got)
	}
	s.admin.Put("/tenants/globex", []byte("copper"))
	tab.await(text("copper"))
	if got := ask[[]string](tab, visibleRows); !slices.Equal(slices.Compact(got), folded) { // the change is there, too
		t.Errorf("after a refresh the rows are %q", got)
	}
	again := open(t, browser, phone, true, ask[string](tab, "location.href"))
	if got := ask[[]string](again, visibleRows); !slices.Equal(slices.Compact(got), folded) {
		t.Errorf("at the same address the rows are %q", got)
	}
	again.silent()
	tab.do(chromedp.SendKeys("#filter", kb.Escape, chromedp.ByQuery))
	if left := ask[int](tab, `document.querySelectorAll("#status [hidden], #status details[open]").length`); left != 0 {
		t.Errorf("without a filter, %d rows are hidden, or unfolded", left)
	}
	tab.silent()
}

// hasKeys: whoever has no mouse sees where they are, comes to everything, and stays there when
// the page is refreshed.
func hasKeys(t *testing.T, s *stage, browser context.Context) {
	tab := open(t, browser, desktop, true, s.url)
	const focused = `(e => { const box = e.getBoundingClientRect(), style = getComputedStyle(e);
		return (e.id || e.innerText) + (box.width > 1 && box.top >= 0 && box.bottom <= innerHeight && style.outlineStyle !== "none" ? "" : " isn't seen"); })(document.activeElement)`
	var visited []string
	for range 60 {
		tab.do(chromedp.KeyEvent(kb.Tab))
		at := ask[string](tab, focused)
		visited = append(visited, at)
		if at == "Documentation" {
			break
		}
	}
	for _, want := range []string{"Skip to the gates, headers and clusters", "Cluster main", "filter", "pause", "cluster1template1summary", "listingsummary", "JSON", "Metrics", "Ready", "Documentation"} {
		if !slices.Contains(visited, want) {
			t.Errorf("Tab doesn't come to %s, only to %q", want, visited)
		}
	}
	slash := input.DispatchKeyEvent(input.KeyDown).WithKey("/").WithCode("Slash").WithText("/") // in one event, as a keyboard sends it
	tab.do(slash, chromedp.KeyEvent("X-Plan"))
	if got := ask[[]string](tab, visibleRows); !slices.Equal(got, []string{"X-Plan"}) {
		t.Errorf("the rows are %q", got)
	}
	tab.do(chromedp.KeyEvent(kb.Escape), chromedp.Focus("#cluster1template1summary", chromedp.ByQuery), chromedp.KeyEvent(kb.Enter))
	tab.await(text("/tenants/acme"))
	s.admin.Put("/release/word", []byte("by keyboard"))
	tab.await(text("by keyboard"))
	if got := ask[string](tab, "document.activeElement.id"); got != "cluster1template1summary" || !ask[bool](tab, text("/tenants/acme")) {
		t.Errorf("a refresh folds the template, or moves the focus to %q", got)
	}
	tab.silent()
}
