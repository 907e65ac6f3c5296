package traefik

import (
	"encoding/json"
	"net/http"
)

// Echoed is a request as it reached the service.
type Echoed struct {
	Method  string      `json:"method"`
	Host    string      `json:"host"`
	URI     string      `json:"uri"`
	Headers http.Header `json:"headers"`
}

// Echo is a service that answers with the request that reached it, as JSON.
func Echo() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		encoder.Encode(Echoed{Method: r.Method, Host: r.Host, URI: r.RequestURI, Headers: r.Header})
	})
}
