package readme

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
)

// awaitClient waits for what a client gets at /colleagues, behind a balancer that Traefik trusts.
func awaitClient(t *testing.T, tr *traefik.Traefik, forwarded string, want int) {
	t.Helper()
	err := tr.Await(func() error {
		request, err := http.NewRequest(http.MethodGet, tr.URL()+"/colleagues", nil)
		if err != nil {
			return err
		}
		request.Header.Set("X-Forwarded-For", forwarded)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		response.Body.Close()
		if response.StatusCode != want {
			return fmt.Errorf("%s gets %s, want %d", forwarded, response.Status, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
