package bench

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
)

const reloaded = 300 // routers, each with a configuration of its own

// A reloader is a Traefik whose routers have a middleware each, of one kind.
type reloader struct {
	what       string
	tr         *traefik.Traefik
	middleware func(router, version int) string
	service    string
	reloads    int

	took, worked map[string][]float64 // in ms, by what a reload changes
	grew         float64              // MB
}

// BenchmarkReload is what a reload of many routers with configurations of their own takes: until
// it is served, in processor time, and in memory where many reloads come in a row. It is compared
// with the same file that has Traefik's headers middleware.
func BenchmarkReload(b *testing.B) {
	server, admin := seeded(b, 0)
	admin.Put("/value", []byte("v"))
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "ok") }))
	defer backend.Close()
	all := []*reloader{
		{what: "Traefik's headers middleware", middleware: func(router, version int) string {
			return fmt.Sprintf("headers: {customRequestHeaders: {X-Value%d: v%d}}", router, version)
		}},
		{what: "ours", middleware: func(router, version int) string {
			return fmt.Sprintf("plugin: {zookeeper: {clusters: {bench: {servers: '%s'}}, requestHeaders: [{name: X-Value%d, path: /value, default: v%d}]}}", server.Addr(), router, version)
		}},
	}
	for _, r := range all {
		r.service, r.took, r.worked = backend.URL, map[string][]float64{}, map[string][]float64{}
		r.tr = traefik.Start(b, "", traefik.Options{Static: map[string]any{"log.level": "ERROR"}})
		r.reload(b, 0)
	}
	for i := range *rounds/8 + 2 {
		for _, r := range all {
			r.measure(b, "where one router comes", 0)
			r.measure(b, "where all change", i+1)
			r.reload(b, 0)
		}
	}
	for _, r := range all {
		time.Sleep(40 * time.Second / time.Duration(len(all))) // what lingers leaves meanwhile
		before := residentMB(r.tr.PID())
		for i := range 15 {
			r.reload(b, 100+i)
		}
		r.grew = residentMB(r.tr.PID()) - before
	}
	for _, change := range []string{"where one router comes", "where all change"} {
		for _, r := range all {
			report("Reloads of 300 routers: until served and processor time, times the headers middleware's (ms)", r.what+", "+change,
				fmt.Sprintf("%5.2f  %5.2f   (%4.0f, %4.0f)", median(ratios(r.took[change], all[0].took[change])), median(ratios(r.worked[change], all[0].worked[change])),
					median(r.took[change]), median(r.worked[change])), reloadGoals[r.what+", "+change])
		}
	}
	report("Reloads of 300 routers: memory", "15 reloads in a row, more than with the headers middleware",
		fmt.Sprintf("%5.0f MB (%.0f and %.0f)", all[1].grew-all[0].grew, all[1].grew, all[0].grew), "at most 120 MB")
}

var reloadGoals = map[string]string{"ours, where one router comes": "at most 2.00 and 2.50", "ours, where all change": "at most 5.00 and 4.50"}

// measure is one reload.
func (r *reloader) measure(b *testing.B, change string, version int) {
	worked := processorTime(r.tr.PID())
	r.took[change] = append(r.took[change], r.reload(b, version))
	r.worked[change] = append(r.worked[change], processorTime(r.tr.PID())-worked)
}

// reload writes the file anew, with one router more, and returns how long it was until that one
// is served, in ms.
func (r *reloader) reload(b *testing.B, version int) float64 {
	b.Helper()
	r.reloads++
	var routers, middlewares strings.Builder
	for i := range reloaded {
		fmt.Fprintf(&routers, "    r%d: {rule: 'Path(`/r%d`)', service: backend, middlewares: [m%d]}\n", i, i, i)
		fmt.Fprintf(&middlewares, "    m%d: {%s}\n", i, r.middleware(i, version))
	}
	fresh := fmt.Sprintf("/fresh%d", r.reloads)
	fmt.Fprintf(&routers, "    fresh: {rule: 'Path(`%s`)', service: backend}\n", fresh)
	config := "http:\n  routers:\n" + routers.String() + "  middlewares:\n" + middlewares.String() + "  services:\n    backend: {loadBalancer: {servers: [{url: '" + r.service + "'}]}}\n"
	start := time.Now()
	if err := r.tr.WriteConfig(config); err != nil {
		b.Fatal(err)
	}
	err := r.tr.Await(func() error {
		for _, path := range []string{fresh, "/r0"} {
			response, err := http.Get(r.tr.URL() + path)
			if err != nil {
				return err
			}
			response.Body.Close()
			if response.StatusCode != http.StatusOK {
				return fmt.Errorf("%s has %s", path, response.Status)
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return milliseconds(start)
}

// residentMB is how much of a process is in memory.
func residentMB(pid int) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	var kilobytes float64
	fmt.Sscan(rest, &kilobytes)
	return kilobytes / 1024
}
