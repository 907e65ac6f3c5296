package zookeeper

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
)

const (
	handshakeTimeout = 5 * time.Second
	probeTimeout     = 2 * time.Second
)

const handshakeFailed = "TLS handshake"

const (
	noTLS   = "the server doesn't speak TLS at this port; use its secureClientPort, or leave tls out"
	onlyTLS = "the server speaks TLS at this port; set tls, or use its plain clientPort"
)

// errUnusable is an error in what the configuration names, found while connecting.
var errUnusable = errors.New("unusable")

// copyOf keeps settings from changing with the caller's.
func copyOf(t *TLS) *TLS {
	if t == nil {
		return nil
	}
	other := *t
	return &other
}

func checkTLS(key string, t *TLS, f *problemList) {
	if t == nil {
		return
	}
	if (t.Cert == "") != (t.Key == "") {
		f.add(key+".cert", t.Cert, "cert and key go together")
		return
	}
	_, err := tlsConfig(t, "")
	if err != nil {
		f.note(key + "." + err.Error())
	}
}

// tlsConfig reads the files. Its error begins with the key.
func tlsConfig(t *TLS, host string) (*tls.Config, error) {
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
			return nil, fmt.Errorf("ca: %q: %w: a file with certificates in PEM is wanted", t.CA, errUnusable)
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

// isEncrypted tells whether a key in PEM is one that needs a password, in the form of
// PKCS #8 or in the one before that.
func isEncrypted(file string) bool {
	text, err := os.ReadFile(file)
	return err == nil && encryptedKey.MatchString(string(text))
}

var encryptedKey = regexp.MustCompile(`(?m)^(-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: *4, *ENCRYPTED)`)

// handshake makes a connection one with TLS, or closes it.
func (s *settings) handshake(conn net.Conn, host string) (net.Conn, error) {
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

// tlsID tells TLS settings from others.
func tlsID(t *TLS) string {
	if t == nil {
		return ""
	}
	return strings.Join([]string{"tls", t.CA, t.Cert, t.Key, t.ServerName, fmt.Sprint(t.InsecureSkipVerify)}, "\x00")
}

// wrongProtocol is what is wrong where a server speaks TLS and the settings have none, or
// the other way round; empty where nothing is. A server ends a conversation in the wrong
// language without a word, so it is tried whether it speaks the other one.
func (s *settings) wrongProtocol() string {
	for _, server := range s.servers {
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

// speaksPlainly asks the server how it is, in ZooKeeper's plain words. It answers
// also where it isn't allowed to.
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
