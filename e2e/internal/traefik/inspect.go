package traefik

import (
	"bufio"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

// URL is where the entrypoint web is, without a slash at the end.
func (tr *Traefik) URL() string { return "http://" + tr.web.Addr() }

// APIURL is where Traefik's API and its profiles are, without a slash at the end.
func (tr *Traefik) APIURL() string { return "http://" + tr.api.Addr() }

// API gets a path of Traefik's API or of its profiles.
func (tr *Traefik) API(path string) (string, error) {
	answer, err := tr.client.Get(tr.APIURL() + path)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", path, answer.Status)
	}
	return string(body), err
}

// Goroutines counts the goroutines of Traefik's process.
func (tr *Traefik) Goroutines() (int, error) {
	profile, err := tr.API("/debug/pprof/goroutine?debug=1")
	if err != nil {
		return 0, err
	}
	n := 0
	_, err = fmt.Sscanf(profile, "goroutine profile: total %d", &n)
	return n, err
}

// Stacks is what each goroutine of Traefik's process does.
func (tr *Traefik) Stacks() (string, error) { return tr.API("/debug/pprof/goroutine?debug=2") }

// Compiled tells whether the plugin is compiled into the binary. Otherwise Traefik
// interprets it.
func (tr *Traefik) Compiled() (bool, error) {
	info, err := buildinfo.ReadFile(tr.options.Binary)
	if err != nil {
		return false, fmt.Errorf("which modules are in Traefik's binary can't be read: %w", err)
	}
	return slices.ContainsFunc(info.Deps, func(m *debug.Module) bool { return m.Path == plugin.Module }), nil
}

// PluginStacks are the stacks of the goroutines that run code of the plugin or of its
// client, or were started by it.
func (tr *Traefik) PluginStacks() ([]string, error) {
	compiled, err := tr.Compiled()
	if err != nil {
		return nil, err
	}
	code := []string{"yaegi/interp."}
	if compiled {
		code = []string{plugin.Module, "github.com/go-zookeeper/zk"}
	}
	all, err := tr.Stacks()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(strings.Split(all, "\n\n"), func(stack string) bool {
		return !slices.ContainsFunc(code, func(name string) bool { return strings.Contains(stack, name) })
	}), nil
}

// Heap is the memory in use after a garbage collection, in bytes.
func (tr *Traefik) Heap() (int, error) {
	if _, err := tr.API("/debug/pprof/heap?gc=1"); err != nil {
		return 0, err
	}
	text, err := tr.API("/debug/vars")
	if err != nil {
		return 0, err
	}
	var vars struct {
		Memstats struct{ HeapAlloc int }
	}
	err = json.Unmarshal([]byte(text), &vars)
	return vars.Memstats.HeapAlloc, err
}

// Entry is a line of Traefik's log.
type Entry struct {
	Level   string `json:"level"`
	Message string `json:"message"`
	Plugin  string `json:"plugin"` // who printed it, where that was a plugin
	Error   string `json:"error"`
}

// Log is Traefik's log since it was last started, in lines of JSON.
func (tr *Traefik) Log() string {
	text, err := os.ReadFile(tr.log())
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// Entries is Traefik's log, line by line.
func (tr *Traefik) Entries() []Entry {
	var entries []Entry
	lines := bufio.NewReader(strings.NewReader(tr.Log()))
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil { // a line without an end is still being written
			return entries
		}
		var e Entry
		if err := json.Unmarshal(line, &e); err != nil {
			e = Entry{Level: "unknown", Message: string(line)}
		}
		entries = append(entries, e)
	}
}

// PluginLog is what the plugin printed, each line behind its level, as in
// "error: text".
func (tr *Traefik) PluginLog() []string {
	var lines []string
	for _, e := range tr.Entries() {
		if e.Plugin != "" {
			lines = append(lines, e.Level+": "+strings.TrimSpace(e.Message))
		}
	}
	return lines
}

func (tr *Traefik) log() string { return tr.file("traefik.log") }

const tailLength = 8 << 10 // bytes

// tail is the end of the log, and what Traefik printed beside it: a process
// that panics doesn't log it.
func (tr *Traefik) tail() string {
	text := tr.Log()
	text = text[max(0, len(text)-tailLength):]
	if tr.process == nil {
		return text
	}
	return text + tr.process.Tail()
}
