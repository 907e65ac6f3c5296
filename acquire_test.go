package zookeeper

import (
	"context"
	"net"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
)

// Where the client has said nothing yet, the error says that.
func TestAcquireGivenUpAtOnce(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	if err := Register("silent", config.Cluster{Servers: []string{silent.Addr().String()}}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = Acquire(ctx, "silent")
	if err == nil || !strings.HasSuffix(err.Error(), "context canceled: no server has answered yet") {
		t.Errorf("%v", err)
	}
}
