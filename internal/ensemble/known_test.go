package ensemble

import (
	"fmt"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

// checked are the settings of a definition, with the number of its mistakes.
func checked(c config.Cluster) (*Settings, int) {
	list := &problems.List{}
	s := Check("clusters.main", c, list)
	return s, len(list.Texts())
}

// A definition is checked once, and others than it are others.
func TestDefinitionsAreKnown(t *testing.T) {
	c := config.Cluster{Servers: []string{"zk1", "zk2/edge"}, SessionTimeout: "5s"}
	first, _ := checked(c)
	again, _ := checked(config.Cluster{Servers: []string{"zk1", "zk2/edge"}, SessionTimeout: "5s"})
	if again != first {
		t.Error("the same definition is checked again")
	}
	for _, other := range []config.Cluster{
		{Servers: c.Servers}, {Servers: c.Servers, SessionTimeout: "6s"}, {Servers: []string{"zk1", "zk2"}, SessionTimeout: "5s"},
		{Servers: c.Servers, SessionTimeout: "5s", Username: "u", Password: "p"}, {Servers: c.Servers, SessionTimeout: "5s", TLS: &config.TLS{}},
	} {
		s, mistakes := checked(other)
		if s.ID == first.ID || mistakes > 0 {
			t.Errorf("%+v is taken for another definition", other)
		}
	}
}

// What is a mistake is one each time, and what may change outside is looked at each time.
func TestUnknownDefinitions(t *testing.T) {
	file := t.TempDir() + "/none"
	for _, c := range []config.Cluster{
		{Servers: []string{"zk1:port"}}, {}, {Servers: []string{"zk1"}, SessionTimeout: "soon"}, {Servers: []string{"zk1"}, Username: "u", PasswordFile: file},
	} {
		for range 2 {
			if _, mistakes := checked(c); mistakes != 1 {
				t.Errorf("%+v has %d mistakes", c, mistakes)
			}
		}
	}
	secret := config.Cluster{Servers: []string{"zk1"}, Username: "u", Password: "p"}
	first, _ := checked(secret)
	again, _ := checked(secret)
	if first == again || first.ID != again.ID {
		t.Error("a definition with a password is kept")
	}
}

// Whoever makes new definitions all the time can't have more and more kept.
func TestKnownDefinitionsAreBounded(t *testing.T) {
	for i := range 10 * mostKnown {
		checked(config.Cluster{Servers: []string{fmt.Sprint("zk", i)}})
		if n := len(known.Load().(map[string]*Settings)); n > mostKnown {
			t.Fatalf("%d definitions are kept", n)
		}
	}
}
