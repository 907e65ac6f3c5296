package ensemble

import (
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

func TestSessionTimeouts(t *testing.T) {
	for text, want := range map[string]time.Duration{"": 4 * time.Second, "1ms": time.Millisecond, " 10s ": 10 * time.Second, "576h": 576 * time.Hour} {
		list := &problems.List{}
		s := Check("c", config.Cluster{Servers: []string{"zk1"}, SessionTimeout: text}, list)
		if s.SessionTimeout != want || list.Err() != nil {
			t.Errorf("%q: %s, %v", text, s.SessionTimeout, list.Err())
		}
	}
	for _, text := range []string{"4", "soon", "-1s", "0s", "999us", "576h1s"} {
		list := &problems.List{}
		s := Check("c", config.Cluster{Servers: []string{"zk1"}, SessionTimeout: text}, list)
		if err := list.Err(); err == nil || !strings.HasPrefix(err.Error(), "c.sessionTimeout: ") || s.SessionTimeout != 4*time.Second {
			t.Errorf("%q: %s, %v", text, s.SessionTimeout, err)
		}
	}
}

// A bare number is the milliseconds of a ZKCluster directive, most likely.
func TestSessionTimeoutWithoutUnit(t *testing.T) {
	list := &problems.List{}
	Check("c", config.Cluster{Servers: []string{"zk1"}, SessionTimeout: "1000"}, list)
	if err := list.Err(); err == nil || !strings.Contains(err.Error(), "write 1000ms") {
		t.Errorf("%v", err)
	}
}

// A server in common and the same chroot make the same ensemble.
func TestSameEnsemble(t *testing.T) {
	for _, c := range []struct {
		one, other string
		want       bool
	}{
		{"zk1,zk2", "zk2,zk3", true},
		{"zk1:2181", "ZK1", true},
		{"zk1,zk2", "zk3", false},
		{"zk1:2181", "zk1:2182", false},
		{"zk1/a", "zk1/a", true},
		{"zk1/a", "zk1", false},
	} {
		one, err := settingsOf(c.one)
		other, otherErr := settingsOf(c.other)
		if err != nil || otherErr != nil || one.SameEnsemble(other) != c.want || other.SameEnsemble(one) != c.want {
			t.Errorf("%s and %s: %t, %v, %v", c.one, c.other, one.SameEnsemble(other), err, otherErr)
		}
	}
}

func TestPasswordFiles(t *testing.T) {
	for _, c := range []struct {
		credentials *Credentials
		want        bool
	}{{nil, false}, {&Credentials{Username: "user", password: "secret"}, false}, {&Credentials{Username: "user", file: "/password"}, true}} {
		if got := (&Settings{Credentials: c.credentials}).HasPasswordFile(); got != c.want {
			t.Errorf("%+v: %t", c.credentials, got)
		}
	}
}

// A server that speaks the other protocol is named with what to do.
func TestWrongProtocol(t *testing.T) {
	t.Parallel() // a TLS server says nothing to plain words, until it takes too long
	secure, _ := speakingTLS(t)
	plain := speakingPlainly(t, "imok")
	for _, c := range []struct {
		what     string
		settings *Settings
		want     string
	}{
		{"plain to plain", &Settings{Servers: []string{plain}}, ""},
		{"plain to TLS", &Settings{Servers: []string{plain, secure}}, secure + ": " + onlyTLS},
		{"TLS to TLS", &Settings{Servers: []string{secure}, tls: &config.TLS{}}, ""},
		{"TLS to plain", &Settings{Servers: []string{plain}, tls: &config.TLS{}}, plain + ": " + noTLS},
		{"nobody", &Settings{Servers: []string{"127.0.0.1:1"}}, ""},
	} {
		if got := c.settings.WrongProtocol(); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}
