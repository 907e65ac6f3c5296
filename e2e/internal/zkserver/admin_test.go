package zkserver

import (
	"errors"
	"testing"

	"github.com/go-zookeeper/zk"
)

func TestPutACL(t *testing.T) {
	s := Start(t)
	owner, stranger := s.Client(t), s.Client(t)
	owner.Authenticate("owner", "secret")
	acl := zk.DigestACL(zk.PermAll, "owner", "secret")
	owner.PutACL("/below/new", []byte("new"), acl)
	stranger.Put("/open", []byte("before"))
	owner.PutACL("/open", []byte("after"), acl)
	for node, want := range map[string]string{"/below/new": "new", "/open": "after"} {
		if got := value(t, owner, node); got != want {
			t.Errorf("%s has %q for its owner", node, got)
		}
		if _, _, err := stranger.Conn.Get(node); !errors.Is(err, zk.ErrNoAuth) {
			t.Errorf("%s: error %v for a stranger", node, err)
		}
	}
	stranger.Authenticate("owner", "wrong")
	if _, _, err := stranger.Conn.Get("/open"); !errors.Is(err, zk.ErrNoAuth) {
		t.Errorf("error %v with a wrong password", err)
	}
	stranger.Authenticate("owner", "secret")
	if got := value(t, stranger, "/open"); got != "after" {
		t.Errorf("the node has %q with the password", got)
	}
	owner.PutACL("/open", []byte("again"), zk.WorldACL(zk.PermAll))
	if got := value(t, s.Client(t), "/open"); got != "again" {
		t.Errorf("the node has %q for everybody", got)
	}
}

// The digest scheme takes whatever it is given: a mistake in a credential shows
// only at the nodes.
func TestDigestIsNeverRefused(t *testing.T) {
	s := Start(t)
	for _, credential := range []string{"", ":", "nocolon", "user:", ":password", "a:b:c", "super:wrong"} {
		if err := s.Client(t).Conn.AddAuth("digest", []byte(credential)); err != nil {
			t.Errorf("%q: %v", credential, err)
		}
	}
}

// The server answers, and closes the connection. The session stays.
func TestUnknownSchemeIsRefused(t *testing.T) {
	a := Start(t).Client(t)
	a.Put("/node", nil)
	session := a.Conn.SessionID()
	if err := a.Conn.AddAuth("nonsense", []byte("x")); !errors.Is(err, zk.ErrAuthFailed) {
		t.Errorf("error %v", err)
	}
	if a.Put("/node", nil); a.Conn.SessionID() != session {
		t.Error("the session is another one")
	}
}
