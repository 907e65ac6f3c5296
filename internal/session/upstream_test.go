package session

import (
	"errors"
	"net"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/clientlog"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/guard"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/log"
)

// The vendored client has the patches. e2e/stranger has the tests with upstream's.
func TestVendoredClientIsPatched(t *testing.T) {
	if !isPatched() || PatchedClientOf(&Connection{Client: &zk.Conn{}}) == nil || presenterOf(&zk.Conn{}) == nil {
		t.Error("the client isn't recognised")
	}
}

// A panic of what upstream's client calls ends there. That of a callback is counted.
func TestPanicsInUpstreamsClient(t *testing.T) {
	before := guard.PanicsRecovered()
	guardedCallback("callback", func(zk.Event) { panic("callback") })(zk.Event{})
	if n := guard.PanicsRecovered() - before; n != 1 {
		t.Errorf("%d panics are counted", n)
	}
	log.SetLogger(func(_, _ string) { panic("logger") })
	defer log.SetLogger(nil)
	log.Apply([]log.Settings{{Level: "debug"}})
	defer log.Apply(nil)
	asGuardedLogger(&guardedLogger{log: clientlog.New("panics")}).Printf("%s", "a line")
}

// What can't be dialled is no connection, and no bound.
func TestBoundedDialer(t *testing.T) {
	settings := &ensemble.Settings{SessionTimeout: time.Second}
	refused := errors.New("refused")
	conn, err := boundedDialer(settings, func(string, string, time.Duration) (net.Conn, error) { return nil, refused })("", "", 0)
	if conn != nil || err != refused {
		t.Errorf("%v, %v", conn, err)
	}
	near, far := net.Pipe()
	defer near.Close()
	defer far.Close()
	conn, err = boundedDialer(settings, func(string, string, time.Duration) (net.Conn, error) { return near, nil })("", "", 0)
	if err != nil || conn == near {
		t.Errorf("%v, %v", conn, err)
	}
}
