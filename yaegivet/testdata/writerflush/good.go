package good

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

// Write sends what it is given at once, as nobody can call a Flush.
func (r *recorder) Write(b []byte) (int, error) {
	n, err := r.ResponseWriter.Write(b)
	if f, ok := r.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
	return n, err
}

func Run() string {
	below := httptest.NewRecorder()
	var w http.ResponseWriter = &recorder{ResponseWriter: below}
	n, err := fmt.Fprint(w, "text")
	return fmt.Sprint(n, err, below.Flushed)
}
