// Yaegi: wrong
package bad

import (
	"fmt"
	"net/http"
	"net/http/httptest"
)

type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Flush() { // want writerflush
	r.ResponseWriter.(http.Flusher).Flush()
}

func Run() string {
	var w http.ResponseWriter = &recorder{ResponseWriter: httptest.NewRecorder()}
	err := http.NewResponseController(w).Flush()
	return fmt.Sprint(err)
}
