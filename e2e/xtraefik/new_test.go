package xtraefik

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
)

// Traefik recovers where a plugin's New panics. What it had configured before goes on.
func TestPanicInNewAlike(t *testing.T) {
	for _, mode := range []string{"native", "interpreted"} {
		service, good := echo(t), middleware{"good", mode, "{text: a}"}
		tr := start(t, configuration(service, good))
		await(t, tr, "/good/", http.StatusOK)
		if err := tr.WriteConfig(configuration(service, good, middleware{"bad", mode, "{text: panic}"})); err != nil {
			t.Fatal(err)
		}
		err := tr.Await(func() error {
			if !slices.ContainsFunc(tr.Entries(), isRecovered) {
				return errors.New(mode + ": Traefik says nothing of the panic")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		await(t, tr, "/bad/", http.StatusNotFound)
		await(t, tr, "/good/", http.StatusOK)
	}
}

// Traefik logs the stack of a goroutine that it recovered.
func isRecovered(e traefik.Entry) bool {
	return e.Level == "error" && strings.HasPrefix(e.Message, "Stack: ")
}
