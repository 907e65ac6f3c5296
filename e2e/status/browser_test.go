package status

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
)

// patience is far from what a busy machine needs.
const patience = 90 * time.Second

// browse starts a Chromium without a window, which ends with the test.
func browse(t *testing.T) context.Context {
	t.Helper()
	binary, err := parts.FindChromium()
	if err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(binary), chromedp.NoSandbox, chromedp.WSURLReadTimeout(patience))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	browser, closeIt := chromedp.NewContext(allocator)
	t.Cleanup(closeIt)
	if err := chromedp.Run(browser); err != nil {
		t.Fatal(err)
	}
	return browser
}

// A tab shows a page, and collects what the browser has to say against it.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex
	complaints []string
}

// A look is the size of a window, and the colours that its user wants.
type look struct {
	width, height int64
	scheme        string
}

var (
	desktop = look{1280, 900, "light"}
	phone   = look{390, 844, "dark"}
)

func open(t *testing.T, browser context.Context, l look, script bool, url string) *tab {
	t.Helper()
	ctx, closeIt := chromedp.NewContext(browser)
	t.Cleanup(closeIt)
	ctx, cancel := context.WithTimeout(ctx, patience)
	t.Cleanup(cancel)
	tab := &tab{t: t, ctx: ctx}
	chromedp.ListenTarget(ctx, tab.hear)
	scheme := &emulation.MediaFeature{Name: "prefers-color-scheme", Value: l.scheme}
	tab.do(
		cdplog.Enable(), runtime.Enable(), page.Enable(),
		emulation.SetDeviceMetricsOverride(l.width, l.height, 1, l.width < 600),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{scheme}),
		emulation.SetScriptExecutionDisabled(!script),
		emulation.SetFocusEmulationEnabled(true), // as if no other tab hid it
		chromedp.Navigate(url),
	)
	return tab
}

func (tab *tab) do(actions ...chromedp.Action) {
	tab.t.Helper()
	if err := chromedp.Run(tab.ctx, actions...); err != nil {
		tab.t.Fatal(err)
	}
}

func (tab *tab) hear(event any) {
	complaint := ""
	switch e := event.(type) {
	case *cdplog.EventEntryAdded: // of the browser itself: violations of policies, failed loads
		complaint = fmt.Sprintf("%s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL)
	case *runtime.EventConsoleAPICalled:
		complaint = fmt.Sprintf("console.%s: %d arguments", e.Type, len(e.Args))
	case *runtime.EventExceptionThrown:
		complaint = e.ExceptionDetails.Error()
	default:
		return
	}
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.complaints = append(tab.complaints, complaint)
}

// silent checks that the browser found nothing amiss.
func (tab *tab) silent() {
	tab.t.Helper()
	tab.mu.Lock()
	defer tab.mu.Unlock()
	if len(tab.complaints) > 0 {
		tab.t.Errorf("the browser says\n%s", strings.Join(tab.complaints, "\n"))
	}
}

// ask evaluates an expression in the page.
func ask[T any](tab *tab, expression string) T {
	tab.t.Helper()
	var result T
	tab.do(chromedp.Evaluate(expression, &result))
	return result
}

// await waits until an expression holds; while the page is loaded again, none does.
func (tab *tab) await(expression string) {
	tab.t.Helper()
	for end := time.Now().Add(patience / 2); ; time.Sleep(50 * time.Millisecond) {
		holds := false
		err := chromedp.Run(tab.ctx, chromedp.Evaluate(expression, &holds))
		if holds {
			return
		}
		if time.Now().After(end) {
			tab.t.Fatalf("%s doesn't come, %v, in\n%s", expression, err, ask[string](tab, "document.body.innerText"))
		}
	}
}

// text tells that the page shows words.
func text(words string) string { return fmt.Sprintf("document.body.innerText.includes(%q)", words) }

// shoot writes a picture of the whole page where SCREENSHOTS names a folder.
func (tab *tab) shoot(name string) {
	tab.t.Helper()
	folder := os.Getenv("SCREENSHOTS")
	if folder == "" {
		return
	}
	var picture []byte
	tab.do(chromedp.FullScreenshot(&picture, 100))
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644); err != nil {
		tab.t.Fatal(err)
	}
}
