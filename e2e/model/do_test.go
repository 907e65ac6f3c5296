//go:build hooks

package model

import (
	"strconv"
	"strings"
	"time"
)

// do does a step, at the plugin or the ensemble and in the model. A step that can't
// be done, since another one was left out, does nothing.
func (w *walk) do(s step) {
	switch s.verb {
	case "put", "del", "deny", "grant":
		if w.world.serve {
			w.change(s.verb, s.arguments)
		}
	case "set", "remove", "cluster":
		w.configure(s.verb, s.arguments)
	case "reload":
		w.reload(s.arguments)
	case "wait":
		w.rest()
	default:
		w.disturb(strings.Join(append([]string{s.verb}, s.arguments...), " "))
	}
}

func (w *walk) change(verb string, arguments []string) {
	e, m, at := w.ensemble, w.world, arguments[0]
	_, exists := m.tree[at]
	switch {
	case verb == "put":
		c, err := parseContent(arguments[1], arguments[2])
		e.must(err)
		for _, above := range m.tree.missingAbove(at) {
			e.put(above, content{kind: "empty"})
			m.put(above, content{kind: "empty"})
		}
		e.put(at, c)
		m.put(at, c)
	case verb == "del":
		for _, gone := range m.tree.with(at) {
			e.del(gone)
			m.del(gone)
		}
	case exists:
		e.permit(at, verb == "grant")
		m.permit(at, verb == "grant")
	}
}

func (w *walk) configure(verb string, arguments []string) {
	m := w.world
	switch verb {
	case "set":
		rules, err := parseMiddleware(strings.Join(arguments[1:], " "))
		w.ensemble.must(err)
		m.wanted[arguments[0]] = rules
	case "remove":
		delete(m.wanted, arguments[0])
	case "cluster":
		_, m.want.timeout, _ = strings.Cut(arguments[0], "=")
		_, m.want.servers, _ = strings.Cut(arguments[1], "=")
	}
}

// reload has old instances asked while new ones are made, as requests that come
// meanwhile do.
func (w *walk) reload(arguments []string) {
	seed, err := strconv.ParseUint(arguments[1], 10, 64)
	w.ensemble.must(err)
	m, old := w.world, w.proxy.instances
	began := time.Now()
	err = w.proxy.reload(m.wanted, m.want, seed, arguments[0] == "cancel", func() { w.sample(old) })
	if err != nil {
		w.wrong = "reload: " + err.Error()
		return
	}
	if time.Since(began) > linger/2 {
		m.forget()
	}
	m.reload()
}

func (w *walk) disturb(what string) {
	e, m := w.ensemble, w.world
	switch {
	case what == "network off":
		e.network(false)
		m.network = false
	case what == "network on" && !m.network:
		w.reconnects()
		e.network(true)
		m.network = true
	case what == "server kill" && m.serve:
		e.server.Kill()
		m.serve = false
	case what == "server start" && !m.serve:
		w.reconnects()
		e.must(e.startServer())
		m.serve = true
	case what == "cut" && m.network:
		e.network(false)
		w.reconnects()
		e.network(true)
	case what == "expire" && m.serve:
		w.reconnects()
		w.connects = e.expire()
	case what == "copy" && m.serve:
		e.copy()
		m.copied = m.tree.clone()
	case what == "restore" && m.copied != nil:
		w.restore()
	}
}

func (w *walk) restore() {
	w.world.restore()
	w.reconnects()
	w.ensemble.restore()
	w.world.serve, w.restored = true, true
}
