package ensemble

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

const (
	handshakeTimeout = 5 * time.Second
	probeTimeout     = 2 * time.Second // of each step of a probe
)

// handshakeFailed begins the error of a handshake.
const handshakeFailed = "TLS handshake"

// What to do where one side speaks TLS and the other doesn't.
const (
	noTLS   = "the server doesn't speak TLS at this port; use its secureClientPort, or leave tls out"
	onlyTLS = "the server speaks TLS at this port; set tls, or use its plain clientPort"
)

// errUnusable is the error of a file that can't be used as it is.
var errUnusable = errors.New("unusable")

// copyOf is a copy, which doesn't change with the original; nil for nil.
func copyOf(t *config.TLS) *config.TLS {
	if t == nil {
		return nil
	}
	other := *t
	return &other
}

// checkTLS checks that the files are there and can be used.
func checkTLS(key string, t *config.TLS, list *problems.List) {
	if t == nil {
		return
	}
	if (t.Cert == "") != (t.Key == "") {
		list.Add(key+".cert", t.Cert, "cert and key go together")
		return
	}
	_, err := tlsConfig(t, "")
	if err != nil {
		list.Note(key + "." + err.Error())
	}
}

// tlsConfig reads the files, for connections to a host. The error begins with the key, as in
// "ca: ".
func tlsConfig(t *config.TLS, host string) (*tls.Config, error) {
	c := &tls.Config{ServerName: host, InsecureSkipVerify: t.InsecureSkipVerify, MinVersion: tls.VersionTLS12}
	if t.ServerName != "" {
		c.ServerName = t.ServerName
	}
	if t.CA != "" {
		text, err := os.ReadFile(t.CA)
		if err != nil {
			return nil, fmt.Errorf("ca: %q: %w: %v", t.CA, errUnusable, err)
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("ca: %q: %w: a file with certificates in PEM is expected", t.CA, errUnusable)
		}
	}
	if t.Cert != "" {
		pair, err := tls.LoadX509KeyPair(t.Cert, t.Key)
		if err != nil && isEncrypted(t.Key) {
			return nil, fmt.Errorf("key: %q: %w: it is encrypted, and there is nobody to ask for its password; decrypt it into a file that only the proxy may read: openssl pkey -in %s -out plain.pem", t.Key, errUnusable, t.Key)
		}
		if err != nil {
			return nil, fmt.Errorf("cert: %q with key %q: %w: %v", t.Cert, t.Key, errUnusable, err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c, nil
}

// isEncrypted tells whether a file has a key in PEM that needs a password, either as PKCS#8
// writes it or in the older form.
func isEncrypted(file string) bool {
	text, err := os.ReadFile(file)
	return err == nil && encryptedKey.MatchString(string(text))
}

var encryptedKey = regexp.MustCompile(`(?m)^(-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: *4, *ENCRYPTED)`)

// handshake sets up TLS on a connection to a host. It closes the connection where that fails.
func (s *Settings) handshake(conn net.Conn, host string) (net.Conn, error) {
	c, err := tlsConfig(s.tls, host)
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("tls.%w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), handshakeTimeout)
	defer cancel()
	secure := tls.Client(conn, c)
	err = secure.HandshakeContext(ctx)
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("%s: %w", handshakeFailed, err)
	}
	return secure, nil
}

// tlsID is the same for the same settings only; empty for nil.
func tlsID(t *config.TLS) string {
	if t == nil {
		return ""
	}
	return strings.Join([]string{"tls", t.CA, t.Cert, t.Key, t.ServerName, fmt.Sprint(t.InsecureSkipVerify)}, "\x00")
}

// WrongProtocol says that a server speaks TLS where the settings have none, or that it
// doesn't where they have it. It is empty where neither is so. A server closes a connection
// in the wrong protocol without a word, so this tries the other one. It takes some seconds at
// worst for each server.
func (s *Settings) WrongProtocol() string {
	for _, server := range s.Servers {
		mistake := ""
		if s.tls == nil && speaksTLS(server) {
			mistake = onlyTLS
		}
		if s.tls != nil && speaksPlainly(server) {
			mistake = noTLS
		}
		if mistake != "" {
			return server + ": " + mistake
		}
	}
	return ""
}

// speaksTLS tells whether a server, given as host:port, speaks TLS.
func speaksTLS(server string) bool {
	conn, err := net.DialTimeout("tcp", server, probeTimeout)
	if err != nil {
		return false
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(probeTimeout))
	err = tls.Client(conn, &tls.Config{InsecureSkipVerify: true}).Handshake()
	return err == nil || strings.Contains(err.Error(), "remote error: tls")
}

// speaksPlainly tells whether a server, given as host:port, answers ZooKeeper's command ruok
// without TLS. A server that doesn't allow the command answers as well, and says so.
func speaksPlainly(server string) bool {
	conn, err := net.DialTimeout("tcp", server, probeTimeout)
	if err != nil {
		return false
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(probeTimeout))
	_, err = conn.Write([]byte("ruok"))
	if err != nil {
		return false
	}
	answer := make([]byte, 4)
	_, err = io.ReadFull(conn, answer)
	return err == nil && (string(answer) == "imok" || string(answer) == "ruok")
}
