package zkserver

import (
	"fmt"
	"path/filepath"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/certificates"
)

// Option makes a server, or each one of an ensemble, different from ZooKeeper's
// defaults.
type Option func(*Server)

// Configuration adds a line to the server's configuration file.
func Configuration(line string) Option {
	return func(s *Server) { s.lines += line + "\n" }
}

// Property sets one of Java's system properties.
func Property(name, value string) Option {
	return func(s *Server) { s.properties = append(s.properties, "-D"+name+"="+value) }
}

// ReadOnly lets servers of an ensemble that don't find enough others go on for
// clients that only read.
func ReadOnly() Option { return Property("readonlymode.enabled", "true") }

// TLS is what a server does at its secure port. The files are read when the
// server starts.
type TLS struct {
	Certificate *certificates.Certificate
	Trust       *certificates.Authority // whose clients are admitted; nil: those of Java's authorities
	ClientAuth  string                  // need, which is ZooKeeper's default, want, or none
}

// Secure gives the server a secure port beside the plain one.
func Secure(c TLS) Option { return func(s *Server) { s.tls = &c } }

// Netty serves both ports then: ZooKeeper's default knows no TLS. Clients have no
// host names that a certificate could be for.
const secureConfiguration = `
serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory
secureClientPort=%d
secureClientPortAddress=127.0.0.1
ssl.hostnameVerification=false
ssl.keyStore.location=%s
`

// nettyJars are what TLS needs beside a server's jars where those come from
// Debian. Java passes over those that aren't there.
var nettyJars = []string{"netty-codec.jar", "netty-resolver.jar", "netty-transport-native-unix-common.jar"}

func (s *Server) classpath() string {
	path := s.parts.Classpath
	if s.tls == nil {
		return path
	}
	for _, jar := range nettyJars {
		path += string(filepath.ListSeparator) + filepath.Join(s.parts.Folder, jar)
	}
	return path
}

func (c TLS) configuration(port int) string {
	text := fmt.Sprintf(secureConfiguration, port, c.Certificate.Store)
	if c.Trust != nil {
		text += "ssl.trustStore.location=" + c.Trust.File + "\n"
	}
	if c.ClientAuth != "" {
		text += "ssl.clientAuth=" + c.ClientAuth + "\n"
	}
	return text
}
