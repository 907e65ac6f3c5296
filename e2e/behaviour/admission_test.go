package behaviour

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/fakezk"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// enforcing is a server that admits nobody without credentials of a scheme.
func enforcing(t *testing.T, schemes string) *zkserver.Server {
	t.Helper()
	return zkserver.Start(t, zkserver.Property("zookeeper.enforce.auth.enabled", "true"), zkserver.Property("zookeeper.enforce.auth.schemes", schemes),
		zkserver.Property("zookeeper.authProvider.1", "org.apache.zookeeper.server.auth.SASLAuthenticationProvider"))
}

// What servers admit nobody for, and what the log says of it.
var admissions = []behaviour{
	{"a server that wants credentials, and gets none", testServerThatWantsCredentialsAndGetsNone},
	{"a server that wants credentials of another scheme", testServerThatWantsCredentialsOfAnotherScheme},
	{"a server that wants credentials, and gets them", testServerThatWantsCredentialsAndGetsThem},
	{"a server with as many connections as it takes", testServerWithAsManyConnectionsAsItTakes},
	{"a server that takes connections and is silent", testServerThatTakesConnectionsAndIsSilent},
}

func testServerThatWantsCredentialsAndGetsNone(t *testing.T, s *suite) {
	server := enforcing(t, "digest")
	wanted(t, s, server.Addr(), "", "the server requires authentication", "set username, and password, passwordFile or passwordEnv", "enforce.auth.schemes")
}

func testServerThatWantsCredentialsOfAnotherScheme(t *testing.T, s *suite) {
	server := enforcing(t, "sasl")
	wanted(t, s, server.Addr(), "    username: app\n    password: "+password+"\n", "the server requires authentication", "must have digest")
}

func testServerThatWantsCredentialsAndGetsThem(t *testing.T, s *suite) {
	server := enforcing(t, "digest")
	admin := server.Client(t)
	admin.Authenticate("anybody", "at all")
	admin.Put("/secured", []byte("before"))
	inst := s.must(t, secured(server.Addr(), "    username: app\n    password: "+password+"\n"))
	inst.awaitHeader(t, "X-Value", "before")
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	admin.Put("/secured", []byte("after"))
	inst.awaitHeader(t, "X-Value", "after")
}

func testServerWithAsManyConnectionsAsItTakes(t *testing.T, s *suite) {
	server := zkserver.Start(t, zkserver.Configuration("maxClientCnxns=3"))
	server.Client(t).Put("/secured", []byte("admitted"))
	var others []net.Conn
	for range 2 {
		conn, err := net.Dial("tcp", server.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		others = append(others, conn)
	}
	time.Sleep(100 * time.Millisecond) // until the server has taken them
	before := len(s.plugin.Output())
	inst := s.must(t, secured(server.Addr(), ""))
	line := s.awaitPrinted(t, before, "lost: no session", server.Addr(), "it has closed the connection at once")
	if !strings.Contains(line, "maxClientCnxns") || strings.Contains(line, "authentication") {
		t.Error(line)
	}
	for _, conn := range others {
		conn.Close()
	}
	inst.awaitHeader(t, "X-Value", "admitted")
}

func testServerThatTakesConnectionsAndIsSilent(t *testing.T, s *suite) {
	silent := relay.Start(t, fakezk.Silent)
	before := len(s.plugin.Output())
	s.must(t, strings.Replace(secured(silent.Addr(), ""), "sessionTimeout: 1s", "sessionTimeout: 3s", 1)) // a try takes two thirds of that
	line := s.awaitPrinted(t, before, "lost: no session", silent.Addr(), "it has taken the connection and doesn't answer")
	if strings.Contains(line, "authentication") {
		t.Error(line)
	}
}

// wanted waits for the line about a server that dismisses the plugin, which stays the
// only one, however often it is tried again.
func wanted(t *testing.T, s *suite, addr, settings string, words ...string) {
	t.Helper()
	before := len(s.plugin.Output())
	inst := s.must(t, secured(addr, settings))
	inst.awaitHeader(t, "X-Value", "nothing")
	remedy := words[len(words)-1]
	s.awaitPrinted(t, before, words...)
	once := func() bool {
		output, lost := s.plugin.Output()[before:], 0
		for line := range strings.Lines(output) { // other tests' clusters are lost, too
			if strings.Contains(line, "lost: ") && strings.Contains(line, addr) {
				lost++
			}
		}
		return strings.Count(output, remedy) == 1 && lost <= 1
	}
	steady(t, 5*time.Second, once, func() string { return "logged again: " + s.plugin.Output()[before:] })
	if strings.Contains(s.plugin.Output()[before:], "unknown error") {
		t.Error(s.plugin.Output()[before:])
	}
}
