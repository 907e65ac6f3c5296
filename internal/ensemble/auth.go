package ensemble

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

// Credentials are a user of ZooKeeper's digest scheme. The password is in no message.
type Credentials struct {
	Username string
	password string // empty where it is in the file or the variable
	file     string // empty for none
	variable string // of the environment; empty for none
}

// checkCredentials checks the credentials of a cluster, and that there is a password where it
// should be. It is nil where there are none.
func checkCredentials(key string, c config.Cluster, list *problems.List) *Credentials {
	sources := 0
	for _, source := range []string{c.Password, c.PasswordFile, c.PasswordEnv} {
		if source != "" {
			sources++
		}
	}
	if c.Username == "" && sources == 0 {
		return nil
	}
	if c.Username == "" || strings.Contains(c.Username, ":") {
		list.Add(key+".username", problems.Beginning(c.Username, ":"), "the user's name goes with the password; it has no colon")
	}
	if sources != 1 {
		list.Add(key+".password", problems.Hidden, "one of password, passwordFile and passwordEnv goes with the username")
		return nil
	}
	creds := &Credentials{Username: c.Username, password: c.Password, file: c.PasswordFile, variable: c.PasswordEnv}
	_, err := creds.Digest()
	if err != nil {
		list.Note(key + "." + err.Error())
	}
	return creds
}

// Digest is what the digest scheme wants, with the password that is in the file or the
// environment now. The error begins with the key, as in "passwordFile: ".
func (c *Credentials) Digest() ([]byte, error) {
	password := c.password
	if c.file != "" {
		text, err := os.ReadFile(c.file)
		if err != nil {
			return nil, errors.New("passwordFile: " + problems.Quoted(c.file) + ": " + err.Error())
		}
		password = strings.TrimRight(string(text), "\r\n")
	}
	if c.variable != "" {
		password = strings.TrimRight(os.Getenv(c.variable), "\r\n")
	}
	if password == "" {
		return nil, errors.New(c.source() + ": it is empty or not set; a password is expected there")
	}
	return []byte(c.Username + ":" + password), nil
}

// source is the key that says where the password is, with its value.
func (c *Credentials) source() string {
	if c.file != "" {
		return "passwordFile: " + problems.Quoted(c.file)
	}
	return "passwordEnv: " + problems.Quoted(c.variable)
}

// ID is the same for the same credentials only, and doesn't give the password away. It is
// empty for nil.
func (c *Credentials) ID() string {
	if c == nil {
		return ""
	}
	sum := sha256.Sum256([]byte(c.password))
	return strings.Join([]string{c.Username, hex.EncodeToString(sum[:]), c.file, c.variable}, "\x00")
}
