package zookeeper

import "testing"

// A handle's connection goes on with the credentials that it was made with, after the
// definition has changed. The new one must not present those, for lack of its own.
func TestCredentialsOfAReplacedConnection(t *testing.T) {
	former := &settings{servers: []string{"127.0.0.1:1"}, credentials: &credentials{username: "former", password: "secret"}}
	present := &settings{servers: []string{"127.0.0.1:1"}, credentials: &credentials{username: "present", file: t.TempDir() + "/missing"}}
	s := newSession("credentials", former)
	replaced := &connection{settings: former}
	s.redefine(present)
	digest, err := digestNow(s, replaced)
	if string(digest) != "former:secret" || err != nil {
		t.Fatalf("%q, %v", digest, err)
	}
	digest, err = digestNow(s, &connection{settings: present})
	if err == nil {
		t.Errorf("%q is presented, and no error", digest)
	}
}
