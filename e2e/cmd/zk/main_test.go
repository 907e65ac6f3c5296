package main

import (
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

func TestCommands(t *testing.T) {
	server := zkserver.Start(t).Addr()
	for _, c := range []struct{ args, want string }{
		{"set /a/b one", ""},
		{"set /a/b two", ""},
		{"set /a/c three", ""},
		{"get /a/b", "two\n"},
		{"delete /a/c", ""},
		{"ls /a", "b\n"},
		{"delete /a", ""},
	} {
		if got, err := do(server, strings.Fields(c.args)); got != c.want || err != nil {
			t.Errorf("%s: %q, %v; want %q", c.args, got, err, c.want)
		}
	}
	if _, err := do(server, []string{"get", "/a"}); err == nil {
		t.Error("getting a node that was deleted is no error")
	}
}

func TestUsage(t *testing.T) {
	for _, args := range []string{"", "set /a", "get", "rename /a /b"} {
		if _, err := do("127.0.0.1:1", strings.Fields(args)); err == nil || !strings.Contains(err.Error(), "usage:") {
			t.Errorf("%q: error %v", args, err)
		}
	}
}
