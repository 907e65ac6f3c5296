package good

import (
	"net/http"
	"net/http/httptest"
	"sync"
)

type holder struct {
	serve  func(http.ResponseWriter, *http.Request)
	unlock func()
}

type thing struct{ s string }

func (t *thing) text() string { return t.s }

func call(f func() string) string { return f() }

func Run() string {
	mu := &sync.Mutex{}
	mu.Lock()
	var other sync.Mutex
	other.Lock()
	unlock := other.Unlock
	unlock()
	mux := http.NewServeMux()
	_ = http.HandlerFunc(mux.ServeHTTP)
	next := http.NotFoundHandler()
	h := &holder{serve: next.ServeHTTP, unlock: func() { mu.Unlock() }}
	var serve func(http.ResponseWriter, *http.Request) = next.ServeHTTP
	again := http.HandlerFunc(next.ServeHTTP)
	w := httptest.NewRecorder()
	h.serve(w, nil)
	serve(w, nil)
	again(w, nil)
	h.unlock()
	t := &thing{"own"}
	return w.Body.String() + call(t.text)
}
