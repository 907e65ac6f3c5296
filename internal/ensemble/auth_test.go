package ensemble

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

func writeFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// The digest has the password from wherever it comes, as it is there now.
func TestDigest(t *testing.T) {
	t.Setenv("DIGEST_TEST_PASSWORD", " from the environment ")
	t.Setenv("DIGEST_TEST_LINE", "from echo\n")
	file := writeFile(t, " from:the file \r\n\n")
	for _, c := range []struct {
		cluster config.Cluster
		want    string
	}{
		{config.Cluster{Username: "user", Password: "secret"}, "user:secret"},
		{config.Cluster{Username: "user", PasswordFile: file}, "user: from:the file "},
		{config.Cluster{Username: "user", PasswordEnv: "DIGEST_TEST_PASSWORD"}, "user: from the environment "},
		{config.Cluster{Username: "user", PasswordEnv: "DIGEST_TEST_LINE"}, "user:from echo"},
	} {
		list := &problems.List{}
		creds := checkCredentials("c", c.cluster, list)
		if len(list.Texts()) > 0 {
			t.Fatalf("%+v: %v", c.cluster, list.Err())
		}
		if got, err := creds.Digest(); string(got) != c.want || err != nil {
			t.Errorf("%+v: %q, %v; want %q", c.cluster, got, err, c.want)
		}
	}
	creds := &Credentials{Username: "user", file: file}
	if err := os.WriteFile(file, []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := creds.Digest(); string(got) != "user:another" || err != nil {
		t.Errorf("after the file has changed: %q, %v", got, err)
	}
}

func TestNoCredentials(t *testing.T) {
	list := &problems.List{}
	if creds := checkCredentials("c", config.Cluster{}, list); creds != nil || len(list.Texts()) > 0 {
		t.Errorf("%v, %v", creds, list.Err())
	}
}

// A mistake is named with its key, and no password with it.
func TestMistakesInCredentials(t *testing.T) {
	for _, c := range []struct {
		cluster config.Cluster
		want    string
	}{
		{config.Cluster{Password: "s3cret"}, `c.username: "": the user's name`},
		{config.Cluster{Username: "a:b", Password: "s3cret"}, `c.username: "a...": the user's name`},
		{config.Cluster{Username: "user:s3cret", Password: "s3cret"}, `c.username: "user...": the user's name`},
		{config.Cluster{Username: "user"}, "c.password: "},
		{config.Cluster{Username: "user", Password: "s3cret", PasswordEnv: "SET"}, "c.password: "},
		{config.Cluster{Username: "user", PasswordFile: "/missing/s3cret-file"}, `c.passwordFile: "/missing/s3cret-file": `},
		{config.Cluster{Username: "user", PasswordFile: writeFile(t, "\r\n")}, "it is empty or not set"},
		{config.Cluster{Username: "user", PasswordEnv: "DIGEST_TEST_NOT_SET"}, `c.passwordEnv: "DIGEST_TEST_NOT_SET": it is empty or not set`},
	} {
		list := &problems.List{}
		checkCredentials("c", c.cluster, list)
		got := strings.Join(list.Texts(), "; ")
		if len(list.Texts()) != 1 || !strings.Contains(got, c.want) {
			t.Errorf("%+v: %s; want %s", c.cluster, got, c.want)
		}
		if c.cluster.Password != "" && strings.Contains(got, c.cluster.Password) {
			t.Errorf("%+v: the password is in %s", c.cluster, got)
		}
	}
}

// Credentials differ by each of their parts, and their id has no password in it.
func TestIDsOfCredentials(t *testing.T) {
	seen := map[string]*Credentials{(*Credentials)(nil).ID(): nil}
	for _, creds := range []*Credentials{
		{Username: "user", password: "s3cret"}, {Username: "other", password: "s3cret"}, {Username: "user", password: "other"},
		{Username: "user", file: "s3cret"}, {Username: "user", variable: "s3cret"},
	} {
		id := creds.ID()
		if same, known := seen[id]; known {
			t.Errorf("%+v is taken for %+v", creds, same)
		}
		if creds.password != "" && strings.Contains(id, creds.password) {
			t.Errorf("the password is in %q", id)
		}
		seen[id] = creds
	}
	one, same := &Credentials{Username: "user"}, &Credentials{Username: "user"}
	if one.ID() != same.ID() {
		t.Error("the same credentials differ")
	}
}

func TestDenial(t *testing.T) {
	if text := (&Settings{}).Denial().Error(); !strings.Contains(text, "without username and password") {
		t.Error(text)
	}
	creds := &Credentials{Username: "user", password: "s3cret"}
	if text := (&Settings{Credentials: creds}).Denial().Error(); !strings.Contains(text, "the user user with this password") || strings.Contains(text, "s3cret") {
		t.Error(text)
	}
}
