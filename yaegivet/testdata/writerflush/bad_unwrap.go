// Yaegi: wrong
package bad_unwrap

import (
	"fmt"
	"net/http"
	"net/http/httptest"
)

type recorder struct {
	next http.ResponseWriter
}

func (r *recorder) Header() http.Header { return r.next.Header() }

func (r *recorder) Write(b []byte) (int, error) { return r.next.Write(b) }

func (r *recorder) WriteHeader(status int) { r.next.WriteHeader(status) }

func (r *recorder) Unwrap() http.ResponseWriter { return r.next } // want writerflush

func Run() string {
	var w http.ResponseWriter = &recorder{httptest.NewRecorder()}
	err := http.NewResponseController(w).Flush()
	return fmt.Sprint(err)
}
