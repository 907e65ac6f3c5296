package zookeeper

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
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
	file := writeFile(t, " from:the file \r\n\n")
	for _, c := range []struct {
		cluster Cluster
		want    string
	}{
		{Cluster{Username: "user", Password: "secret"}, "user:secret"},
		{Cluster{Username: "user", PasswordFile: file}, "user: from:the file "},
		{Cluster{Username: "user", PasswordEnv: "DIGEST_TEST_PASSWORD"}, "user: from the environment "},
	} {
		f := &problemList{}
		creds := checkCredentials("c", c.cluster, f)
		if len(f.list) > 0 {
			t.Fatalf("%+v: %v", c.cluster, f.err())
		}
		if got, err := creds.digest(); string(got) != c.want || err != nil {
			t.Errorf("%+v: %q, %v; want %q", c.cluster, got, err, c.want)
		}
	}
	creds := &credentials{username: "user", file: file}
	if err := os.WriteFile(file, []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := creds.digest(); string(got) != "user:another" || err != nil {
		t.Errorf("after the file has changed: %q, %v", got, err)
	}
}

func TestNoCredentials(t *testing.T) {
	f := &problemList{}
	if creds := checkCredentials("c", Cluster{}, f); creds != nil || len(f.list) > 0 {
		t.Errorf("%v, %v", creds, f.err())
	}
}

// A mistake is named with its key, and no password with it.
func TestMistakesInCredentials(t *testing.T) {
	for _, c := range []struct {
		cluster Cluster
		want    string
	}{
		{Cluster{Password: "s3cret"}, `c.username: "": the user's name`},
		{Cluster{Username: "a:b", Password: "s3cret"}, `c.username: "a:b": the user's name`},
		{Cluster{Username: "user"}, "c.password: "},
		{Cluster{Username: "user", Password: "s3cret", PasswordEnv: "SET"}, "c.password: "},
		{Cluster{Username: "user", PasswordFile: "/missing/s3cret-file"}, `c.passwordFile: "/missing/s3cret-file": `},
		{Cluster{Username: "user", PasswordFile: writeFile(t, "\r\n")}, "it is empty or not set"},
		{Cluster{Username: "user", PasswordEnv: "DIGEST_TEST_NOT_SET"}, `c.passwordEnv: "DIGEST_TEST_NOT_SET": it is empty or not set`},
	} {
		f := &problemList{}
		checkCredentials("c", c.cluster, f)
		got := strings.Join(f.list, "; ")
		if len(f.list) != 1 || !strings.Contains(got, c.want) {
			t.Errorf("%+v: %s; want %s", c.cluster, got, c.want)
		}
		if c.cluster.Password != "" && strings.Contains(got, c.cluster.Password) {
			t.Errorf("%+v: the password is in %s", c.cluster, got)
		}
	}
}

// Credentials differ by each of their parts, and their id has no password in it.
func TestIDsOfCredentials(t *testing.T) {
	seen := map[string]*credentials{(*credentials)(nil).id(): nil}
	for _, creds := range []*credentials{
		{username: "user", password: "s3cret"}, {username: "other", password: "s3cret"}, {username: "user", password: "other"},
		{username: "user", file: "s3cret"}, {username: "user", variable: "s3cret"},
	} {
		id := creds.id()
		if same, known := seen[id]; known {
			t.Errorf("%+v is taken for %+v", creds, same)
		}
		if creds.password != "" && strings.Contains(id, creds.password) {
			t.Errorf("the password is in %q", id)
		}
		seen[id] = creds
	}
	if (&credentials{username: "user"}).id() != (&credentials{username: "user"}).id() {
		t.Error("the same credentials differ")
	}
}

func TestDenial(t *testing.T) {
	if text := (&settings{}).denial().Error(); !strings.Contains(text, "without username and password") {
		t.Error(text)
	}
	creds := &credentials{username: "user", password: "s3cret"}
	if text := (&settings{credentials: creds}).denial().Error(); !strings.Contains(text, "the user user with this password") || strings.Contains(text, "s3cret") {
		t.Error(text)
	}
}
