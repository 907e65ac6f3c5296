package session

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ensemble"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

// withPassword are the settings of a user whose password is in a file.
func withPassword(t *testing.T, username, password string) (*ensemble.Settings, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte(password), 0o600); err != nil {
		t.Fatal(err)
	}
	found := &problems.List{}
	settings := ensemble.Check("c", config.Cluster{Servers: []string{"127.0.0.1:1"}, Username: username, PasswordFile: file}, found)
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return settings, file
}

// A handle's connection goes on with the credentials that it was made with, after the
// definition has changed. The new one must not present those, for lack of its own.
func TestCredentialsOfAReplacedConnection(t *testing.T) {
	former, _ := withPassword(t, "former", "secret")
	present, file := withPassword(t, "present", "gone")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	s := New("credentials", former)
	replaced := &Connection{Settings: former}
	s.Redefine(present)
	digest, err := currentDigest(s, replaced)
	if string(digest) != "former:secret" || err != nil {
		t.Fatalf("%q, %v", digest, err)
	}
	digest, err = currentDigest(s, &Connection{Settings: present})
	if err == nil {
		t.Errorf("%q is presented, and no error", digest)
	}
}

// While a password is being replaced, the file may be missing for a moment. What it had
// before is presented then.
func TestPasswordFileThatIsMissingForAMoment(t *testing.T) {
	settings, file := withPassword(t, "user", "first")
	s := New("credentials", settings)
	conn := &Connection{Settings: settings}
	for _, step := range []struct {
		change func() error
		want   string
	}{
		{func() error { return nil }, "user:first"},
		{func() error { return os.Remove(file) }, "user:first"},
		{func() error { return os.WriteFile(file, []byte("second\n"), 0o600) }, "user:second"},
	} {
		if err := step.change(); err != nil {
			t.Fatal(err)
		}
		if digest, err := currentDigest(s, conn); string(digest) != step.want || err != nil {
			t.Errorf("%q, %v; want %q", digest, err, step.want)
		}
	}
	if s.internals.digestProblem != "" {
		t.Errorf("it still lacks one: %s", s.internals.digestProblem)
	}
}
