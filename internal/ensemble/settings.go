// Package ensemble is about one ZooKeeper ensemble and how to reach it: the definition of a
// cluster, checked, its servers, its credentials, and its TLS. It dials servers, hands them
// out one after the other, and says what to do where no waiting will help.
package ensemble

import (
	"errors"
	"strings"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
)

// Settings are the definition of a cluster, checked and normalised.
type Settings struct {
	ID             string   // is the same for definitions that mean the same
	Servers        []string // as host:port, each once, in ascending order
	Chroot         string   // the node that all paths start from; empty for the root
	SessionTimeout time.Duration
	Credentials    *Credentials // nil for none
	tls            *config.TLS  // nil for none
}

// Describe is the part of the settings that everybody may see: the connection string and the
// session timeout.
func (s *Settings) Describe() string {
	return strings.Join(s.Servers, ",") + s.Chroot + " " + s.SessionTimeout.String()
}

// HasPasswordFile tells whether the password is in a file, where it may change.
func (s *Settings) HasPasswordFile() bool { return s.Credentials != nil && s.Credentials.file != "" }

// Denial is the error of a node whose ACL denies it to these credentials.
func (s *Settings) Denial() error {
	if s.Credentials == nil {
		return errors.New("may not be read: its ACL denies it to a client without username and password")
	}
	return errors.New("may not be read: its ACL denies it to the user " + s.Credentials.Username + " with this password")
}

// SameEnsemble tells whether two definitions mean the same ensemble. They do where they have
// a server in common, and the same chroot.
func (s *Settings) SameEnsemble(other *Settings) bool {
	if s.Chroot != other.Chroot {
		return false
	}
	for _, server := range s.Servers {
		for _, known := range other.Servers {
			if server == known {
				return true
			}
		}
	}
	return false
}

// A Chroot is the node that all paths of a cluster start from; empty for the root.
type Chroot string

// Full is the path that the ensemble knows, of one below the chroot.
func (c Chroot) Full(path string) string {
	if path == "/" && c != "" {
		return string(c)
	}
	return string(c) + path
}

// Relative is the path below the chroot, of one that the ensemble knows.
func (c Chroot) Relative(full string) string {
	if full == string(c) {
		return "/"
	}
	return strings.TrimPrefix(full, string(c))
}
