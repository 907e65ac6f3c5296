package recipes

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// An apiServer answers what Traefik's provider for Kubernetes asks: lists of resources, and
// watches, in which nothing happens. Traefik is started when everything is applied.
type apiServer struct {
	*httptest.Server
	mutex     sync.Mutex
	resources map[string]map[string]any // by kind, namespace and name
	done      chan struct{}
}

func startAPIServer(t *testing.T) *apiServer {
	t.Helper()
	a := &apiServer{resources: map[string]map[string]any{}, done: make(chan struct{})}
	a.Server = httptest.NewServer(a)
	t.Cleanup(func() {
		close(a.done)
		a.Close()
	})
	return a
}

// identity is what a resource is found by.
func identity(resource map[string]any) string {
	metadata, _ := resource["metadata"].(map[string]any)
	return strings.ToLower(fmt.Sprint(resource["kind"], "/", metadata["namespace"], "/", metadata["name"]))
}

func (a *apiServer) apply(resource map[string]any) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.resources[identity(resource)] = resource
}

// get is the resource of a kind, namespace and name, each in lower case; nil for none.
func (a *apiServer) get(kind, namespace, name string) map[string]any {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.resources[kind+"/"+namespace+"/"+name]
}

// list are those whose kinds have a plural, as a request's path names it.
func (a *apiServer) list(plural string) []map[string]any {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	found := []map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(a.resources)) {
		if kind, _, _ := strings.Cut(name, "/"); kind+"s" == plural {
			found = append(found, a.resources[name])
		}
	}
	return found
}

func (a *apiServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if watches(r.URL.Query()) {
		if r.URL.Query().Get("sendInitialEvents") == "true" { // clients list then, in its place
			w.WriteHeader(http.StatusUnprocessableEntity)
			json.NewEncoder(w).Encode(map[string]any{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Invalid", "code": http.StatusUnprocessableEntity})
			return
		}
		w.(http.Flusher).Flush()
		select {
		case <-r.Context().Done():
		case <-a.done:
		}
		return
	}
	plural := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	json.NewEncoder(w).Encode(map[string]any{"metadata": map[string]any{"resourceVersion": "1"}, "items": a.list(plural)})
}

func watches(query url.Values) bool { return query.Get("watch") == "true" || query.Get("watch") == "1" }
