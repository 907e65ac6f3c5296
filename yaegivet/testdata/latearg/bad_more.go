// Yaegi: wrong
package bad_more

import "strings"

type thing struct{ name string }

type holder struct{ t *thing }

var log = ""

func add(s string) { log += s }

func (t *thing) end() { add(t.name) }

func argument() {
	s := "a"
	defer add(s) // want latearg
	s = "b"
	add(s)
}

func field() {
	t := &thing{"a"}
	defer add(t.name) // want latearg
	t.name = "b"
}

func receiver() {
	t := &thing{"a"}
	defer t.end() // want latearg
	t = &thing{"b"}
	add(t.name)
}

func path() {
	h := &holder{&thing{"a"}}
	defer h.t.end() // want latearg
	h.t = &thing{"b"}
}

func ranged() {
	for _, t := range []*thing{{"a"}, {"b"}} {
		defer t.end() // want latearg
	}
}

func literal() {
	s := "a"
	defer func(s string) { add(s) }(s) // want latearg
	s = "b"
	add(s)
}

func started() string {
	ch := make(chan string, 9)
	for _, name := range []string{"a", "b"} {
		w := &worker{name, ch}
		go w.run() // want latearg goguard
	}
	s, u := "", ""
	s = <-ch
	u = <-ch
	if s == u {
		return "the same twice"
	}
	return "both"
}

type worker struct {
	name string
	ch   chan string
}

func (w *worker) run() { w.ch <- w.name }

func Run() string {
	var all []string
	for _, f := range []func(){argument, field, receiver, path, ranged, literal} {
		log = ""
		f()
		all = append(all, log)
	}
	return strings.Join(all, "|") + "|" + started()
}
