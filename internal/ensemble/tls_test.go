package ensemble

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

// pair is a certificate for localhost, signed by itself, and its key, in PEM.
func pair(t *testing.T) (string, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	plan := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, plan, plan, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text := func(kind string, data []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data}))
	}
	return text("CERTIFICATE", cert), text("PRIVATE KEY", encoded)
}

// TLS settings differ by each of their fields.
func TestIDsOfTLS(t *testing.T) {
	seen := map[string]bool{}
	all := []*config.TLS{nil, {}, {CA: "a"}, {Cert: "a"}, {Key: "a"}, {ServerName: "a"}, {InsecureSkipVerify: true}}
	for _, settings := range all {
		seen[tlsID(settings)] = true
	}
	if len(seen) != len(all) {
		t.Errorf("%d settings have %d ids", len(all), len(seen))
	}
	one, same := &config.TLS{CA: "a"}, &config.TLS{CA: "a"}
	if tlsID(one) != tlsID(same) {
		t.Error("the same settings differ")
	}
}

func TestTLSIsCopied(t *testing.T) {
	if copyOf(nil) != nil {
		t.Error("of nothing there is a copy")
	}
	given := &config.TLS{CA: "a"}
	kept := copyOf(given)
	given.CA = "changed"
	if kept.CA != "a" {
		t.Error("the settings change with the caller's")
	}
}

// A file that can't be used is named with its key.
func TestMistakesInTLS(t *testing.T) {
	cert, key := pair(t)
	_, otherKey := pair(t)
	certFile, keyFile, noPEM := writeFile(t, cert), writeFile(t, key), writeFile(t, "no PEM")
	for _, c := range []struct {
		settings *config.TLS
		want     string // empty where there is no mistake
	}{
		{nil, ""},
		{&config.TLS{}, ""},
		{&config.TLS{CA: certFile, Cert: certFile, Key: keyFile}, ""},
		{&config.TLS{CA: "/missing/ca"}, `c.ca: "/missing/ca"`},
		{&config.TLS{CA: noPEM}, "a file with certificates in PEM is expected"},
		{&config.TLS{Cert: certFile}, "cert and key go together"},
		{&config.TLS{Key: keyFile}, "cert and key go together"},
		{&config.TLS{Cert: certFile, Key: writeFile(t, otherKey)}, "c.cert: "},
		{&config.TLS{Cert: certFile, Key: noPEM}, "c.cert: "},
		{&config.TLS{Cert: certFile, Key: writeFile(t, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nx\n")}, "c.key: "},
	} {
		list := &problems.List{}
		checkTLS("c", c.settings, list)
		got := strings.Join(list.Texts(), "; ")
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%+v: %q, want %q", c.settings, got, c.want)
		}
	}
}

func TestEncryptedKeys(t *testing.T) {
	_, key := pair(t)
	for text, want := range map[string]bool{
		key: false,
		"":  false,
		"-----BEGIN ENCRYPTED PRIVATE KEY-----\n":                                true,
		"# a comment\n-----BEGIN ENCRYPTED PRIVATE KEY-----\n":                   true,
		"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n":              true,
		"-----BEGIN RSA PRIVATE KEY-----\n# not Proc-Type: 4,ENCRYPTED but so\n": false,
	} {
		if got := isEncrypted(writeFile(t, text)); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
	if isEncrypted("/missing/key") {
		t.Error("a file that isn't there is encrypted")
	}
}

// The name that a certificate has to have is the host's, where none is set. Nothing
// older than TLS 1.2 is spoken.
func TestTLSConfiguration(t *testing.T) {
	for _, c := range []struct{ set, want string }{{"", "zk1"}, {"zookeeper.internal", "zookeeper.internal"}} {
		config, err := tlsConfig(&config.TLS{ServerName: c.set}, "zk1")
		if err != nil || config.ServerName != c.want || config.InsecureSkipVerify || config.MinVersion != tls.VersionTLS12 {
			t.Errorf("%q: %+v, %v", c.set, config, err)
		}
	}
	_, err := tlsConfig(&config.TLS{CA: "/missing/ca"}, "zk1")
	if !errors.Is(err, errUnusable) {
		t.Error(err)
	}
}

// serveOnce answers each connection by a function, and returns the address.
func serveOnce(t *testing.T, answer func(conn net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				answer(conn)
			}()
		}
	}()
	return listener.Addr().String()
}

func speakingTLS(t *testing.T) (string, string) {
	t.Helper()
	cert, key := pair(t)
	own, err := tls.X509KeyPair([]byte(cert), []byte(key))
	if err != nil {
		t.Fatal(err)
	}
	address := serveOnce(t, func(conn net.Conn) {
		_ = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{own}}).Handshake()
		_, _ = io.Copy(io.Discard, conn)
	})
	return address, writeFile(t, cert)
}

// speakingPlainly is a server that gives an answer to ZooKeeper's ruok.
func speakingPlainly(t *testing.T, answer string) string {
	t.Helper()
	return serveOnce(t, func(conn net.Conn) {
		asked := make([]byte, 4)
		_, _ = io.ReadFull(conn, asked)
		if bytes.Equal(asked, []byte("ruok")) {
			_, _ = io.WriteString(conn, answer)
		}
	})
}

// A server's language is told by trying it. One that says nothing known has none.
func TestLanguageOfAServer(t *testing.T) {
	t.Parallel() // a TLS server says nothing to plain words, until it takes too long
	secure, _ := speakingTLS(t)
	closed := serveOnce(t, func(net.Conn) {})
	for _, c := range []struct {
		what, address string
		tls, plain    bool
	}{
		{"TLS", secure, true, false},
		{"imok", speakingPlainly(t, "imok"), false, true},
		{"ruok is not executed", speakingPlainly(t, "ruok is not executed because it is not in the whitelist.\n"), false, true},
		{"another protocol", speakingPlainly(t, "HTTP/1.1 400 Bad Request\r\n\r\n"), false, false},
		{"nothing", closed, false, false},
		{"nobody", "127.0.0.1:1", false, false},
	} {
		if gotTLS, gotPlain := speaksTLS(c.address), speaksPlainly(c.address); gotTLS != c.tls || gotPlain != c.plain {
			t.Errorf("%s: TLS %t, plain %t", c.what, gotTLS, gotPlain)
		}
	}
}

// A connection is made with TLS where the settings have it, to a server whose
// certificate is trusted.
func TestDial(t *testing.T) {
	address, ca := speakingTLS(t)
	_, port, _ := net.SplitHostPort(address)
	local := net.JoinHostPort("localhost", port)
	conn, err := (&Settings{tls: &config.TLS{CA: ca}}).Dial(local)
	if err != nil {
		t.Fatal(err)
	}
	if _, secure := conn.(*tls.Conn); !secure {
		t.Errorf("the connection is a %T", conn)
	}
	conn.Close()
	_, err = (&Settings{tls: &config.TLS{}}).Dial(local)
	var authority x509.UnknownAuthorityError
	if err == nil || !strings.Contains(err.Error(), handshakeFailed) || !errors.As(err, &authority) {
		t.Errorf("a certificate that nobody signed: %v", err)
	}
	_, err = (&Settings{tls: &config.TLS{CA: ca, ServerName: "other"}}).Dial(local)
	var names x509.HostnameError
	if !errors.As(err, &names) || names.Host != "other" {
		t.Errorf("a certificate for another name: %v", err)
	}
	_, err = (&Settings{tls: &config.TLS{CA: "/missing/ca"}}).Dial(local)
	if !errors.Is(err, errUnusable) || !strings.HasPrefix(err.Error(), `tls.ca: "/missing/ca"`) {
		t.Errorf("a file that is gone: %v", err)
	}
	if conn, err = (&Settings{}).Dial(local); err != nil {
		t.Fatal(err)
	}
	conn.Close()
	for _, wrong := range []string{"no-port", "127.0.0.1:1"} {
		if _, err = (&Settings{}).Dial(wrong); err == nil {
			t.Errorf("there is a connection to %s", wrong)
		}
	}
}
