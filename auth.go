package zookeeper

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"strings"
)

// credentials are a user's name and where the password comes from. The password
// is in no message.
type credentials struct {
	username string
	password string
	file     string
	variable string
}

func checkCredentials(key string, c Cluster, f *problemList) *credentials {
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
		f.add(key+".username", c.Username, "the user's name goes with the password; it has no colon")
	}
	if sources != 1 {
		f.add(key+".password", hidden, "one of password, passwordFile and passwordEnv goes with the username")
		return nil
	}
	creds := &credentials{username: c.Username, password: c.Password, file: c.PasswordFile, variable: c.PasswordEnv}
	_, err := creds.digest()
	if err != nil {
		f.note(key + "." + err.Error())
	}
	return creds
}

// digest is what ZooKeeper's digest scheme wants. Its error begins with the key.
func (c *credentials) digest() ([]byte, error) {
	password := c.password
	if c.file != "" {
		text, err := os.ReadFile(c.file)
		if err != nil {
			return nil, errors.New("passwordFile: " + quoted(c.file) + ": " + err.Error())
		}
		password = strings.TrimRight(string(text), "\r\n")
	}
	if c.variable != "" {
		password = os.Getenv(c.variable)
	}
	if password == "" {
		return nil, errors.New(c.source() + ": it is empty or not set; a password is wanted there")
	}
	return []byte(c.username + ":" + password), nil
}

func (c *credentials) source() string {
	if c.file != "" {
		return "passwordFile: " + quoted(c.file)
	}
	return "passwordEnv: " + quoted(c.variable)
}

// id tells credentials from others without giving the password away.
func (c *credentials) id() string {
	if c == nil {
		return ""
	}
	sum := sha256.Sum256([]byte(c.password))
	return strings.Join([]string{c.username, hex.EncodeToString(sum[:]), c.file, c.variable}, "\x00")
}

// denial is why a node can't be read whose ACL forbids it.
func (s *settings) denial() error {
	if s.credentials == nil {
		return errors.New("may not be read: its ACL denies it to a client without username and password")
	}
	return errors.New("may not be read: its ACL denies it to the user " + s.credentials.username + " with this password")
}
